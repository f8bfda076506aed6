import MeshModel

/// JSON with members sorted by name and two spaces of indent, so that two runs can be compared by line.
enum JSONText {
  static func bytes(of value: JSONValue) -> [UInt8] {
    var text = ""
    write(value, indent: 0, to: &text)
    text += "\n"
    return Array(text.utf8)
  }

  /// The same for `document` with one more member: a list so long that its values are made one by one,
  /// and written as they are made.
  static func write(
    _ document: JSONValue, list name: String, _ elements: some Collection<JSONValue>,
    to output: ReportOutput
  ) {
    let members = (document.members ?? []) + [JSONValue.Member(name, .array([]))]
    var text = "{"
    for (index, member) in sorted(members).enumerated() {
      startLine(index, 1, &text)
      JSONValue.writeString(member.name, to: &text)
      text += ": "
      guard member.name == name, !elements.isEmpty else {
        write(member.value, indent: 1, to: &text)
        continue
      }
      text += "["
      for (place, element) in elements.enumerated() {
        startLine(place, 2, &text)
        write(element, indent: 2, to: &text)
        output.writePiece(of: &text)
      }
      endLine(1, &text)
      text += "]"
    }
    output.write(text + "\n}\n")
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
      for (index, member) in sorted(members).enumerated() {
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

  /// By code units, so that the order is the same whatever the Unicode tables.
  private static func sorted(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
    members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
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
