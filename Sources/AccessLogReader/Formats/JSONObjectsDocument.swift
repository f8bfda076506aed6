/// Objects of a JSON array, or one after another, each handed on as a line, wherever lines break in them.
///
/// Keeps one object.
struct JSONObjectsDocument {
  private let level: Int
  private var tokens = JSONTokenizer()
  private var depth = 0
  private var object = JSONCapture()
  private var isInObject = false
  /// What is no object where one should be is handed on once, for somebody to count.
  private var isStray = false
  private var hasEnded = false
  private var isBroken = false

  init(isArray: Bool) {
    level = isArray ? 1 : 0
    hasEnded = !isArray
  }

  /// Whether text starts with an object over several lines, or with two that no line end parts.
  ///
  /// A first line that was cut is neither: pretty-printed text breaks the line after the first bracket.
  static func recognises(_ text: Bytes) -> Bool {
    var tokens = JSONTokenizer()
    var position = 0
    var depth = 0
    while let token = tokens.next(text, &position) {
      switch token {
      case .open:
        if depth == 0, let end = text.dropFirst(position).firstIndex(of: 10),
          text.dropFirst(position).prefix(end).isBlank
        {
          return true
        }
        depth += 1
      case .close:
        depth -= 1
        guard depth == 0 else { continue }
        return position < text.count && text[position] == UInt8(ascii: "{")
      default: continue
      }
    }
    return false
  }

  var isWhole: Bool { hasEnded && depth == 0 && !isBroken && !tokens.isInString }

  /// Takes what is in a block from `position` on, until there is enough output.
  mutating func take(_ block: Bytes, _ position: inout Int, into output: inout [UInt8]) {
    while output.count < LogDocument.outputLimit, let token = tokens.next(block, &position) {
      switch token {
      case .open(let bracket):
        if depth == level, bracket == UInt8(ascii: "{") {
          isInObject = true
          isStray = false
          object.removeAll()
        }
        depth += 1
      case .close:
        depth -= 1
        if depth < 0 {
          isBroken = true
          depth = 0
        }
        if depth == 0, level == 1 { hasEnded = true }
        if isInObject, depth == level {
          isInObject = false
          object.append(token)
          output += object.bytes
          output.append(10)
          continue
        }
      case .text, .scalar:
        if !isInObject, !isStray, depth == level {
          isStray = true
          output += "?\n".utf8
        }
      case .colon, .comma, .quote: break
      }
      if isInObject { object.append(token) }
    }
  }
}
