package import MeshModel

/// A YAML or JSON value with the place where it stands.
package struct DocumentNode: Sendable {
  package indirect enum Content: Sendable {
    case scalar(Scalar)
    case sequence([DocumentNode])
    case mapping([Entry])
  }

  /// One key of a mapping and its value.
  ///
  /// Keys are text: Kubernetes knows no others.
  package struct Entry: Sendable {
    package var key: String
    package var keyLocation: SourceLocation
    package var value: DocumentNode
  }

  /// A scalar keeps its text and says what it would be as JSON.
  package struct Scalar: Sendable {
    package var text: String
    package var value: JSONValue
  }

  package var content: Content
  package var location: SourceLocation

  package init(_ content: Content, at location: SourceLocation) {
    self.content = content
    self.location = location
  }

  /// The value of a key of a mapping; nil for other nodes.
  package subscript(_ key: String) -> DocumentNode? {
    entries?.first { $0.key == key }?.value
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  package var items: [DocumentNode]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  package var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The text of a scalar that is a string.
  package var string: String? { scalar?.value.stringValue }

  package var isNull: Bool { scalar?.value == .null }

  /// What kind of value this is, as messages say it.
  package var typeName: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "an object"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: "null"
      case .bool: "a boolean"
      case .int, .double: "a number"
      case .string, .array, .object: "a string"
      }
    }
  }

  /// The value without places.
  package var json: JSONValue {
    switch content {
    case .scalar(let scalar): scalar.value
    case .sequence(let items): .array(items.map(\.json))
    case .mapping(let entries): .object(entries.map { .init($0.key, $0.value.json) })
    }
  }
}

/// How much one document may hold before it is refused: bounds what aliases can expand to.
package struct DocumentLimits: Sendable {
  package var nodeCount: Int
  package var depth: Int

  package init(nodeCount: Int = 2_000_000, depth: Int = 200) {
    self.nodeCount = nodeCount
    self.depth = depth
  }

  package static let standard = DocumentLimits()
}
