import MeshModel

/// JSON with members sorted by name and two spaces of indent, so that two runs can be compared by line.
enum JSONText {
  static func bytes(of value: JSONValue) -> [UInt8] {
    var text = ""
    write(value, indent: 0, to: &text)
    text += "\n"
    return Array(text.utf8)
  }

  private static func write(_ value: JSONValue, indent: Int, to text: inout String) {
    switch value {
    case .array(let values) where !values.isEmpty:
      text += "["
      for (index, element) in values.enumerated() {
        startLine(index, indent + 1, &text)
        write(element, indent: indent + 1, to: &text)
      }
      endLine(indent, &text)
      text += "]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      // Code units, so that the order is the same whatever the Unicode tables.
      let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      for (index, member) in sorted.enumerated() {
        startLine(index, indent + 1, &text)
        JSONValue.writeString(member.name, to: &text)
        text += ": "
        write(member.value, indent: indent + 1, to: &text)
      }
      endLine(indent, &text)
      text += "}"
    default: value.write(to: &text)
    }
  }

  private static func startLine(_ index: Int, _ indent: Int, _ text: inout String) {
    text += index > 0 ? ",\n" : "\n"
    text += String(repeating: "  ", count: indent)
  }

  private static func endLine(_ indent: Int, _ text: inout String) {
    text += "\n" + String(repeating: "  ", count: indent)
  }
}

extension JSONValue {
  /// The text, or null.
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
  static func number(_ value: Int) -> JSONValue { .int(Int64(value)) }
  static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
  /// RFC 3339 in whole seconds, or null.
  static func time(_ value: UTCTime?) -> JSONValue { text(value?.text) }
}
