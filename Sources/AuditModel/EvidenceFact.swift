package import MeshModel

/// The evidence of an earlier run that was given, and what is wrong with it.
package struct EvidenceFact: Sendable, Hashable {
  package enum Signature: String, Sendable, Hashable, CaseIterable {
    /// By a key that was given with it.
    case valid
    /// By another key, or over something else.
    case invalid
    /// There is one, and no key to check it with.
    case notChecked = "not-checked"
    case none
  }

  /// Id of the run that it attests, nil when its statement could not be read.
  package var runID: String?
  package var sequence: Int?
  package var asOf: UTCTime?
  package var signature: Signature
  /// Why it cannot stand, one sentence each: of the envelope, of the files beside it and of the chain.
  package var problems: [String]
  package var location: SourceLocation

  package init(
    runID: String?, sequence: Int?, asOf: UTCTime?, signature: Signature, problems: [String],
    location: SourceLocation
  ) {
    self.runID = runID
    self.sequence = sequence
    self.asOf = asOf
    self.signature = signature
    self.problems = problems
    self.location = location
  }
}
