import AccessLogReader

/// What a log starts with: by its first line a log is known again that was counted before, though what
/// follows may differ.
enum LogHead {
  /// A shorter line may be a heading that many logs start with; one of a proxy has a time, and of most
  /// also a request id.
  private static let leastByteCount = 64
  private static let mostByteCount = 64 << 10

  /// Digest of the first line, empty where the line is short or has no end within 64 KiB.
  static func digest(of file: InputFile) throws(SourceFile.Failure) -> String {
    let source = try SourceFile(path: file.storage)
    var decoder = ContentDecoder(limits: InflateLimits(), isLog: true)
    var head: [UInt8] = []
    var end: Int?
    while end == nil, head.count < mostByteCount, decoder.problem == nil,
      let block = try source.next(atMost: 16 << 10)
    {
      decoder.decode(block) { decoded in
        guard end == nil else { return }
        if let newline = decoded.firstIndex(of: 10) { end = head.count + newline }
        head.append(contentsOf: decoded.prefix(mostByteCount))
      }
    }
    guard let end, end >= leastByteCount, end < mostByteCount else { return "" }
    var digest = ContentDigest()
    head.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    return digest.hex
  }
}
