import AccessLogReader

/// Tells which logs several threads can read side by side.
struct LogParts {
  /// Smaller logs are not worth a second thread.
  static let leastByteCount = 32 << 20

  /// Bytes of the log.
  var size: Int
  /// Whether it is a container runtime's, which writes long lines in parts that follow one another (CRI
  /// and Docker, spec access-logs 6).
  var isWrapped: Bool

  /// Nil where the log is compressed, small, made by an engine, or one document.
  init?(path: String) {
    guard let file = try? SourceFile(path: path), file.size >= LogParts.leastByteCount,
      let prefix = try? file.next(atMost: 64 << 10), InflatingReader.format(prefix) == nil,
      !EngineQuery.recognises(prefix), LogDocument.kind(of: prefix) == nil
    else { return nil }
    size = file.size
    isWrapped = LogParts.isWrapped(prefix)
  }

  private static func isWrapped(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return [" stdout ", " stderr ", "\"stream\":\"std"].contains { text.contains($0) }
  }
}
