import AccessLogReader

/// Cuts one large log into parts that several threads read side by side.
enum LogParts {
  /// Smaller logs are not worth a second thread.
  static let leastByteCount = 32 << 20

  /// Ranges of the file at `path` that start and end at line ends, about `count` of them.
  ///
  /// One range where the file is compressed, small, or wrapped by a container runtime: a runtime cuts
  /// long lines into parts that follow one another, and whoever reads them needs all (CRI and Docker,
  /// spec access-logs 6).
  static func ranges(path: String, count: Int) throws(SourceFile.Failure) -> [Range<Int>] {
    let (prefix, byteCount) = try start(of: path)
    let whole = [0..<byteCount]
    guard count > 1, byteCount >= leastByteCount, !isWrapped(prefix),
      prefix.withUnsafeBytes({ InflatingReader.format($0) }) == nil
    else { return whole }
    var ranges: [Range<Int>] = []
    var lower = 0
    for index in 1..<count {
      let wanted = max(byteCount / count * index, lower)
      guard let upper = try lineStart(path: path, after: wanted, below: byteCount) else { break }
      if upper > lower { ranges.append(lower..<upper) }
      lower = upper
    }
    ranges.append(lower..<byteCount)
    return ranges
  }

  private static func start(of path: String) throws(SourceFile.Failure) -> ([UInt8], Int) {
    let file = try SourceFile(path: path)
    let prefix = try file.next().map { Array($0.prefix(64 << 10)) } ?? []
    return (prefix, file.size)
  }

  private static func isWrapped(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return [" stdout ", " stderr ", "\"stream\":\"std", "\"stream\": \"std"].contains {
      text.contains($0)
    }
  }

  /// The start of the first line after `offset` that nothing was cut off before; nil when there is none.
  private static func lineStart(path: String, after offset: Int, below end: Int)
    throws(SourceFile.Failure) -> Int?
  {
    let file = try SourceFile(path: path, range: offset..<end)
    var position = offset
    var line: [UInt8] = []
    while let block = try file.next() {
      var rest = block
      while let newline = rest.firstIndex(of: 10) {
        line.append(contentsOf: rest[..<newline].prefix(64 << 10))
        position += newline + 1
        if !isWrapped(line) { return position < end ? position : nil }
        line.removeAll(keepingCapacity: true)
        rest = UnsafeRawBufferPointer(rebasing: rest[(newline + 1)...])
      }
      position += rest.count
      line.append(contentsOf: rest.prefix(64 << 10))
    }
    return nil
  }
}
