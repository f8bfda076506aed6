/// Splits JSON text (RFC 8259) that comes in blocks ending anywhere into tokens.
///
/// Keeps no text: a string is handed on in the pieces that the blocks have of it, so that whoever wants
/// one copies runs of bytes and not byte by byte.
struct JSONTokenizer {
  enum Token {
    case open(UInt8)
    case close(UInt8)
    case colon
    case comma
    case quote(isOpening: Bool)
    /// A piece of a string, with its escapes as they are written.
    case text(Bytes)
    /// A piece of a number, of `true`, `false` or `null`, or of what is no JSON.
    case scalar(Bytes)
  }

  private(set) var isInString = false
  /// The last byte of the block before was a backslash that escapes the next one.
  private var isEscaped = false

  /// The next token from `position` on, nil at the end of the block.
  ///
  /// White space between tokens is passed over.
  @inline(__always)
  mutating func next(_ block: Bytes, _ position: inout Int) -> Token? {
    guard !isInString else { return nextInString(block, &position) }
    while position < block.count {
      let byte = block[position]
      position += 1
      switch byte {
      case 9, 10, 13, 32: continue
      case UInt8(ascii: "\""):
        isInString = true
        return .quote(isOpening: true)
      case UInt8(ascii: "{"), UInt8(ascii: "["): return .open(byte)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): return .close(byte)
      case UInt8(ascii: ":"): return .colon
      case UInt8(ascii: ","): return .comma
      default:
        let start = position - 1
        while position < block.count, JSONTokenizer.isScalarByte(block[position]) { position += 1 }
        return .scalar(Bytes(block.pointer + start, position - start))
      }
    }
    return nil
  }

  private mutating func nextInString(_ block: Bytes, _ position: inout Int) -> Token? {
    guard position < block.count else { return nil }
    let start = position
    if isEscaped {
      isEscaped = false
      position += 1
    }
    while position < block.count {
      position = block.endOfPlainText(from: position)
      guard position < block.count, block[position] == UInt8(ascii: "\\") else { break }
      isEscaped = position + 1 == block.count
      position = min(position + 2, block.count)
    }
    if position > start { return .text(Bytes(block.pointer + start, position - start)) }
    position += 1
    isInString = false
    return .quote(isOpening: false)
  }

  private static func isScalarByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 9, 10, 13, 32, UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: ","):
      false
    default: true
    }
  }
}
