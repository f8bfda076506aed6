import MeshModel

/// Evidence as lines of plain text, `name: value`.
enum EvidenceLines {
  static func lines(of evidence: JSONValue) -> [String] {
    switch evidence {
    case .null: []
    case .array(let values): values.map(text)
    case .object(let members):
      members.sorted { $0.name < $1.name }.flatMap { member -> [String] in
        if case .array(let values) = member.value, values.contains(where: { $0.members != nil }) {
          return values.map { "\(member.name): \(text($0))" }
        }
        return ["\(member.name): \(text(member.value))"]
      }
    default: [text(evidence)]
    }
  }

  /// A value in one line: scalars bare, lists of scalars with commas, the rest as JSON.
  static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .bool(let value): value ? "yes" : "no"
    case .string(let text): text
    case .array(let values) where !values.contains(where: isCompound):
      values.isEmpty ? "none" : values.map(text).joined(separator: ", ")
    case .object(let members) where !members.contains(where: { isCompound($0.value) }):
      members.sorted { $0.name < $1.name }.map { "\($0.name)=\(text($0.value))" }
        .joined(separator: " ")
    default: value.canonicalText
    }
  }

  private static func isCompound(_ value: JSONValue) -> Bool {
    switch value {
    case .array, .object: true
    default: false
    }
  }
}
