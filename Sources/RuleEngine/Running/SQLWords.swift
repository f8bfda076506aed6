/// The words of an SQL text as SQLite splits them, without comments: just enough to see what a statement
/// names before SQLite resolves it.
///
/// SQLite's authorizer says in whose name a table is read, and for a common table expression that is the
/// expression's own name. An expression that takes the name of a documented view would read every table
/// behind it in the view's name; `definesTable(in:)` finds it.
struct SQLWords {
  private(set) var words: [Word] = []

  enum Word: Equatable {
    /// A bare or quoted name, or a keyword, in lower case.
    case name(String)
    /// Any other single character.
    case mark(UInt8)
  }

  init(_ sql: String) {
    let bytes = Array(sql.utf8)
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
        position += 1
      case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
        position += 2
        while position < bytes.count,
          !(bytes[position] == UInt8(ascii: "*") && position + 1 < bytes.count
            && bytes[position + 1] == UInt8(ascii: "/"))
        { position += 1 }
        position = min(position + 2, bytes.count)
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
        position = appendQuoted(bytes, from: position, closing: byte, doubles: true)
      case UInt8(ascii: "["):
        position = appendQuoted(bytes, from: position, closing: UInt8(ascii: "]"), doubles: false)
      case _ where SQLWords.isNameByte(byte):
        let start = position
        while position < bytes.count, SQLWords.isNameByte(bytes[position]) { position += 1 }
        words.append(.name(SQLWords.lowered(bytes[start..<position])))
      default:
        words.append(.mark(byte))
        position += 1
      }
    }
  }

  /// The first of `names` that the statement gives to a table expression of its own, or calls.
  func definesTable(in names: Set<String>) -> String? {
    for (index, word) in words.enumerated() {
      guard case .name(let name) = word, names.contains(name) else { continue }
      let isCalled = words[(index + 1)...].first == .mark(UInt8(ascii: "("))
      if isCalled || startsExpression(after: index) { return name }
    }
    return nil
  }

  /// The names of common table expressions: `name as (`, `name (columns) as (`, and the same with
  /// `materialized` or `not materialized`.
  var tableExpressions: Set<String> {
    var names: Set<String> = []
    for (index, word) in words.enumerated() {
      if case .name(let name) = word, startsExpression(after: index) { names.insert(name) }
    }
    return names
  }

  private func startsExpression(after index: Int) -> Bool {
    var rest = words[(index + 1)...]
    if rest.first == .mark(UInt8(ascii: "(")) {
      guard let end = rest.firstIndex(of: .mark(UInt8(ascii: ")"))) else { return false }
      rest = words[(end + 1)...]
    }
    guard rest.first == .name("as") else { return false }
    rest = rest.dropFirst()
    if rest.first == .name("not") { rest = rest.dropFirst() }
    if rest.first == .name("materialized") { rest = rest.dropFirst() }
    return rest.first == .mark(UInt8(ascii: "("))
  }

  private mutating func appendQuoted(
    _ bytes: [UInt8], from start: Int, closing: UInt8, doubles: Bool
  ) -> Int {
    var position = start + 1
    var content: [UInt8] = []
    while position < bytes.count {
      if bytes[position] == closing {
        guard doubles, position + 1 < bytes.count, bytes[position + 1] == closing else { break }
        position += 1
      }
      content.append(bytes[position])
      position += 1
    }
    words.append(.name(SQLWords.lowered(content[...])))
    return min(position + 1, bytes.count)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  private static func lowered(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}
