/// A value of a JSON document that is kept while the document goes by, without white space between its
/// tokens: on one line, since text inside a string has no raw line end.
struct JSONCapture {
  private(set) var bytes: [UInt8] = []
  /// Longer ones are cut, and so are no line of any format.
  private static let longest = 4 << 20

  var isEmpty: Bool { bytes.isEmpty }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  @inline(__always)
  mutating func append(_ token: JSONTokenizer.Token) {
    switch token {
    case .open(let byte), .close(let byte): append(byte)
    case .colon: append(UInt8(ascii: ":"))
    case .comma: append(UInt8(ascii: ","))
    case .quote: append(UInt8(ascii: "\""))
    case .text(let piece), .scalar(let piece): append(piece)
    }
  }

  private mutating func append(_ byte: UInt8) {
    if bytes.count < JSONCapture.longest { bytes.append(byte) }
  }

  private mutating func append(_ piece: Bytes) {
    let count = min(piece.count, JSONCapture.longest - bytes.count)
    guard count > 0 else { return }
    bytes.append(contentsOf: UnsafeBufferPointer(start: piece.start, count: count))
  }
}
