import AccessLogReader

/// Tells which logs several threads can read side by side.
enum LogParts {
  /// Smaller logs are not worth a second thread.
  static let leastByteCount = 32 << 20

  /// The size of the log at `path` when it can be read in segments.
  ///
  /// Nil where it is compressed, small, made by an engine, one document, or wrapped by a container runtime: a runtime cuts long lines into
  /// parts that follow one another, and whoever reads them needs all (CRI and Docker, spec access-logs 6).
  static func size(path: String) throws(SourceFile.Failure) -> Int? {
    let file = try SourceFile(path: path)
    guard file.size >= leastByteCount, let prefix = try file.next(atMost: 64 << 10),
      InflatingReader.format(prefix) == nil, !EngineQuery.recognises(prefix),
      LogDocument.kind(of: prefix) == nil, !isWrapped(prefix)
    else { return nil }
    return file.size
  }

  private static func isWrapped(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return [" stdout ", " stderr ", "\"stream\":\"std", "\"stream\": \"std"].contains {
      text.contains($0)
    }
  }
}
