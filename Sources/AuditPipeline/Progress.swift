/// Told how far a run is.
///
/// Implemented by the command line; nothing depends on it.
package protocol RunProgress: Sendable {
  /// A stage starts with `total` steps.
  func begin(_ stage: String, total: Int)
  /// One step of the stage is done.
  func advance()
  /// The run is over; whatever was drawn is taken away.
  func end()
}

/// Draws nothing.
package struct SilentProgress: RunProgress {
  package init() {}
  package func begin(_ stage: String, total: Int) {}
  package func advance() {}
  package func end() {}
}
