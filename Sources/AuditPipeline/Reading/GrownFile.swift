import MeshModel

/// Says of a log that more was written to it while it was read.
enum GrownFile {
  /// Nil where nothing was.
  ///
  /// - Parameters:
  ///   - counted: bytes on disk up to which it was counted.
  ///   - size: bytes when it was opened.
  ///   - now: bytes when it had been read.
  static func note(path: String, counted: Int, size: Int, now: Int) -> Diagnostic? {
    guard now > size else { return nil }
    return Diagnostic(
      code: "input-grew", severity: .note,
      message:
        "\"\(path)\" grew from \(size) to \(now) bytes while it was read, and was counted up to "
        + "byte \(counted)",
      location: SourceLocation(path: path),
      hint: "what was written after that is counted when the file is read again")
  }
}
