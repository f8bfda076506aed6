import Foundation

/// One block of a PEM text (RFC 7468, and the headers of RFC 1421).
struct PEMBlock {
  /// What is wrong with the block's text.
  enum Defect: Hashable {
    /// A byte that is not base64 stands on this line.
    case notBase64(line: Int)
    /// The number of characters is no multiple of four, even with padding left out.
    case incompleteBase64
    /// The block has no END line.
    case notClosed
    /// The END line names another label.
    case otherEndLabel(String)
    /// The BEGIN line does not end in `-----`.
    case malformedBegin
    /// An END line without a BEGIN line.
    case strayEnd
  }

  var label: String
  /// 1-based line of the BEGIN line.
  var line: Int
  /// 0-based position among all blocks of the text.
  var position: Int
  /// What the base64 decodes to, up to the first byte that is none.
  var content: [UInt8] = []
  /// A `Proc-Type` header says that the content is encrypted.
  var isEncrypted = false
  var defects: [Defect] = []
}

/// Finds the PEM blocks of a text on bytes: any line end, any line length, text around and between,
/// blank lines, headers, indentation, literal `\n`, and a BOM are all read.
///
/// A broken block never takes another with it.
struct PEMScanner {
  private let bytes: [UInt8]
  private let isWhole: Bool
  /// Where reading goes on: what stands before it is read.
  private(set) var position = 0
  /// The line at the position.
  private(set) var line: Int
  /// Blocks up to the position.
  private(set) var count: Int

  /// - Parameters:
  ///   - line: the line at which the bytes start.
  ///   - count: blocks before them.
  ///   - isWhole: nothing follows; otherwise a block that may go on behind the bytes is left unread.
  init(_ bytes: [UInt8], line: Int = 1, count: Int = 0, isWhole: Bool = true) {
    self.bytes = bytes
    self.line = line
    self.count = count
    self.isWhole = isWhole
  }

  /// More bytes than a marker, a label and the dashes around it take: what stands this far from the end
  /// of a part is read as it is in the whole.
  private static let margin = 128

  private static let begin = Array("-----BEGIN ".utf8)
  private static let end = Array("-----END ".utf8)
  private static let dashes = Array("-----".utf8)
  private static let dash = UInt8(ascii: "-")

  private static let space: UInt8 = 64
  private static let padding: UInt8 = 65
  private static let invalid: UInt8 = 66
  /// The value of each base64 character; white space, padding and all else have codes of their own.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: invalid, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { table[Int(character)] = UInt8(value) }
    for character in " \t\r\n\u{0B}\u{0C}".utf8 { table[Int(character)] = space }
    table[Int(UInt8(ascii: "="))] = padding
    return table
  }()

  /// Whether a BEGIN line stands anywhere in `bytes`.
  static func hasBlock(in bytes: [UInt8]) -> Bool {
    var scanner = PEMScanner(bytes)
    return scanner.skipToMarker() != nil
  }

  /// The next block, or nil at the end of the text.
  mutating func next() -> PEMBlock? {
    guard let isBegin = skipToMarker() else { return nil }
    let start = (position: position, line: line)
    let block = readBlock(isBegin: isBegin)
    guard isWhole || position + Self.margin <= bytes.count else {
      (position, line) = start
      return nil
    }
    count += 1
    return block
  }

  private mutating func readBlock(isBegin: Bool) -> PEMBlock {
    var block = PEMBlock(label: "", line: line, position: count)
    position += isBegin ? Self.begin.count : Self.end.count
    let label = readLabel()
    block.label = label.text
    if !isBegin {
      block.defects.append(.strayEnd)
      return block
    }
    if !label.isClosed { block.defects.append(.malformedBegin) }
    readHeaders(into: &block)
    readBody(into: &block)
    return block
  }

  /// Moves to the next BEGIN or END marker; true for BEGIN.
  private mutating func skipToMarker() -> Bool? {
    let end = isWhole ? bytes.count : bytes.count - Self.margin
    while position < end {
      let byte = bytes[position]
      if byte == Self.dash, matches(Self.dashes) {
        if matches(Self.begin) { return true }
        if matches(Self.end) { return false }
      } else if byte == 0x0A || byte == 0x0D {
        countLineEnd()
      }
      position += 1
    }
    return nil
  }

  private func matches(_ marker: [UInt8]) -> Bool { matches(marker, at: position) }

  private func hasDashes(at place: Int) -> Bool { matches(Self.dashes, at: place) }

  private func matches(_ marker: [UInt8], at place: Int) -> Bool {
    guard place + marker.count <= bytes.count else { return false }
    for offset in marker.indices where bytes[place + offset] != marker[offset] { return false }
    return true
  }

  /// Counts a line when the byte at the position ends one; a CR before an LF does not.
  private mutating func countLineEnd() {
    if bytes[position] == 0x0A {
      line += 1
    } else if bytes[position] == 0x0D,
      position + 1 >= bytes.count || bytes[position + 1] != 0x0A
    {
      line += 1
    }
  }

  /// The label up to `-----`; not closed when the line ends before.
  private mutating func readLabel() -> (text: String, isClosed: Bool) {
    let start = position
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D,
      position - start < 100
    {
      if bytes[position] == Self.dash, matches(Self.dashes) {
        let text = Self.text(bytes[start..<position])
        position += Self.dashes.count
        return (text, true)
      }
      position += 1
    }
    var label = bytes[start..<position]
    while label.last == Self.dash { label.removeLast() }
    return (Self.text(label), false)
  }

  /// Printable ASCII of a label; other bytes become `?`, so that messages are safe to print.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(
      decoding: bytes.prefix(64).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }

  /// Skips `Proc-Type: 4,ENCRYPTED` and the like up to the blank line after them.
  private mutating func readHeaders(into block: inout PEMBlock) {
    var probe = position
    var lineStart = position
    var hasColon = false
    while probe < bytes.count, bytes[probe] != Self.dash || !hasDashes(at: probe) {
      let byte = bytes[probe]
      if byte == UInt8(ascii: ":") {
        hasColon = true
      } else if byte == 0x0A || byte == 0x0D {
        let content = bytes[lineStart..<probe]
        let isBlank = content.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        if hasColon {
          if content.contains(UInt8(ascii: ":")) {
            if Self.contains(content, "ENCRYPTED") { block.isEncrypted = true }
          } else if !isBlank, content.first != 0x20, content.first != 0x09 {
            return advance(to: lineStart)
          } else if isBlank {
            return advance(to: probe)
          }
        } else if !isBlank {
          return
        }
        if byte == 0x0D, probe + 1 < bytes.count, bytes[probe + 1] == 0x0A { probe += 1 }
        lineStart = probe + 1
      }
      probe += 1
    }
    if hasColon { advance(to: lineStart) }
  }

  private mutating func advance(to end: Int) {
    while position < end {
      countLineEnd()
      position += 1
    }
  }

  private static func contains(_ content: ArraySlice<UInt8>, _ word: String) -> Bool {
    let word = Array(word.utf8)
    guard content.count >= word.count else { return false }
    return (content.startIndex...content.endIndex - word.count).contains {
      content[$0..<$0 + word.count].elementsEqual(word)
    }
  }

  private mutating func readBody(into block: inout PEMBlock) {
    var content = readWholeGroups()
    var buffer: UInt32 = 0
    var characters = 0
    var isPadded = false
    var isReading = true
    var isClosed = false
    while position < bytes.count {
      let byte = bytes[position]
      let value = Self.values[Int(byte)]
      if value < 64, isReading, !isPadded {
        buffer = buffer << 6 | UInt32(value)
        characters += 1
        if characters & 3 == 0 {
          content.append(UInt8(truncatingIfNeeded: buffer >> 16))
          content.append(UInt8(truncatingIfNeeded: buffer >> 8))
          content.append(UInt8(truncatingIfNeeded: buffer))
        }
      } else if value == Self.space {
        countLineEnd()
      } else if byte == Self.dash, matches(Self.dashes), matches(Self.end) {
        position += Self.end.count
        let label = readLabel()
        if label.text != block.label { block.defects.append(.otherEndLabel(label.text)) }
        isClosed = true
        break
      } else if byte == Self.dash, matches(Self.begin) {
        break
      } else if value == Self.padding {
        isPadded = true
      } else if isEscapedLineEnd {
        position += 1
      } else if isReading {
        isReading = false
        block.defects.append(.notBase64(line: line))
      }
      position += 1
    }
    switch characters & 3 {
    case 2: content.append(UInt8(truncatingIfNeeded: buffer >> 4))
    case 3:
      content.append(UInt8(truncatingIfNeeded: buffer >> 10))
      content.append(UInt8(truncatingIfNeeded: buffer >> 2))
    case 1: if isReading { block.defects.append(.incompleteBase64) }
    default: break
    }
    if !isClosed { block.defects.append(.notClosed) }
    block.content = content
  }

  /// Decodes lines of whole groups of four, as all tools write them, up to the first byte that is nothing
  /// of the kind: the common case, made fast.
  private mutating func readWholeGroups() -> [UInt8] {
    var position = position
    var line = line
    defer { (self.position, self.line) = (position, line) }
    let end = nextDash
    return [UInt8](unsafeUninitializedCapacity: (end - position) / 4 * 3) { content, count in
      Self.values.withUnsafeBufferPointer { values in
        bytes.withUnsafeBufferPointer { bytes in
          while position < end {
            while position + 4 <= end {
              let first = values[Int(bytes[position])]
              let second = values[Int(bytes[position + 1])]
              let third = values[Int(bytes[position + 2])]
              let fourth = values[Int(bytes[position + 3])]
              guard first | second | third | fourth < 64 else { break }
              content[count] = first << 2 | second >> 4
              content[count + 1] = second << 4 | third >> 2
              content[count + 2] = third << 6 | fourth
              count += 3
              position += 4
            }
            guard position < end else { break }
            let isWide = bytes[position] == 0x0D && position + 1 < end
            guard bytes[isWide ? position + 1 : position] == 0x0A else { break }
            line += 1
            position += isWide ? 2 : 1
          }
        }
      }
    }
  }

  /// Where the next dash stands: no body of a block goes beyond it.
  private var nextDash: Int {
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress,
        let found = memchr(start + position, Int32(Self.dash), buffer.count - position)
      else { return buffer.count }
      return UnsafeRawPointer(found) - start
    }
  }

  /// `\n` or `\r` written out, as in PEM inside an environment variable or a JSON string.
  private var isEscapedLineEnd: Bool {
    bytes[position] == UInt8(ascii: "\\") && position + 1 < bytes.count
      && (bytes[position + 1] == UInt8(ascii: "n") || bytes[position + 1] == UInt8(ascii: "r"))
  }
}
