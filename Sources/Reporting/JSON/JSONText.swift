import MeshModel

/// JSON with members sorted by name and two spaces of indent, so that two runs can be compared by line.
enum JSONText {
  static func bytes(of value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    write(value, indent: 0, to: &bytes)
    bytes.append(0x0A)
    return bytes
  }

  /// The same for `document` with one more member: a list so long that its values are made one by one,
  /// and written as they are made.
  static func write(
    _ document: JSONValue, list name: String, _ elements: some Collection<JSONValue>,
    to output: ReportOutput
  ) {
    let members = (document.members ?? []) + [JSONValue.Member(name, .array([]))]
    var bytes = Array("{".utf8)
    for (index, member) in JSONValue.sorted(members).enumerated() {
      startMember(member.name, index, indent: 1, &bytes)
      guard member.name == name, !elements.isEmpty else {
        write(member.value, indent: 1, to: &bytes)
        continue
      }
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        startLine(place, 2, &bytes)
        write(element, indent: 2, to: &bytes)
        output.writePiece(of: &bytes)
      }
      endLine(1, &bytes)
      bytes.append(UInt8(ascii: "]"))
    }
    bytes += "\n}\n".utf8
    output.write(bytes)
  }

  private static func write(_ value: JSONValue, indent: Int, to bytes: inout [UInt8]) {
    switch value {
    case .array(let values) where !values.isEmpty:
      bytes.append(UInt8(ascii: "["))
      for (index, element) in values.enumerated() {
        startLine(index, indent + 1, &bytes)
        write(element, indent: indent + 1, to: &bytes)
      }
      endLine(indent, &bytes)
      bytes.append(UInt8(ascii: "]"))
    case .object(let members) where !members.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in JSONValue.sorted(members).enumerated() {
        startMember(member.name, index, indent: indent + 1, &bytes)
        write(member.value, indent: indent + 1, to: &bytes)
      }
      endLine(indent, &bytes)
      bytes.append(UInt8(ascii: "}"))
    default: value.write(to: &bytes)
    }
  }

  private static func startMember(
    _ name: String, _ index: Int, indent: Int, _ bytes: inout [UInt8]
  ) {
    startLine(index, indent, &bytes)
    JSONValue.writeString(name, to: &bytes)
    bytes += ": ".utf8
  }

  private static func startLine(_ index: Int, _ indent: Int, _ bytes: inout [UInt8]) {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    endLine(indent, &bytes)
  }

  private static func endLine(_ indent: Int, _ bytes: inout [UInt8]) {
    bytes.append(0x0A)
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * indent)
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
