package import MeshModel

/// Reads the fields of one object by name and type, reports what does not fit, and knows which
/// fields nobody asked for.
///
/// A field that is absent or null is nil, without a diagnostic; a field of a wrong type is a
/// diagnostic and nil (or the scalar's text, where text was wanted), and the rest is still read.
package final class FieldReader {
  package let node: DocumentNode
  /// The way from the top of the document, `spec.rules[0]`, for messages.
  package let path: String
  package let sink: DiagnosticSink
  /// Some field had a wrong type or was unknown.
  package private(set) var hasProblem = false
  private let entries: [DocumentNode.Entry]
  private var asked: Set<String> = []
  private let parent: FieldReader?

  /// - Precondition: none; a node that is no object reads as an empty one, with a diagnostic.
  package init(
    _ node: DocumentNode, path: String = "", sink: DiagnosticSink, parent: FieldReader? = nil
  ) {
    self.node = node
    self.path = path
    self.sink = sink
    self.parent = parent
    entries = node.entries ?? []
    if node.entries == nil, !node.isNull { wrongType(node, path, expected: "an object") }
  }

  package var location: SourceLocation { node.location }

  /// The names of all fields, in the order of the document.
  package var names: [String] { entries.map(\.key) }

  /// The raw node of a field, nil when absent or null.
  package func raw(_ name: String) -> DocumentNode? {
    asked.insert(name)
    guard let value = entries.first(where: { $0.key == name })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// Whether the field is written at all, even as null.
  package func has(_ name: String) -> Bool {
    asked.insert(name)
    return entries.contains { $0.key == name }
  }

  /// Marks fields as known without reading them.
  package func ignore(_ names: String...) { asked.formUnion(names) }

  package func string(_ name: String) -> Located<String>? {
    raw(name).flatMap { text($0, child(name)) }
  }

  package func strings(_ name: String) -> [Located<String>] {
    items(name, of: "strings").compactMap { text($0.node, $0.path) }
  }

  package func bool(_ name: String) -> Located<Bool>? {
    guard let node = raw(name) else { return nil }
    guard let value = node.scalar?.value.boolValue else {
      wrongType(node, child(name), expected: "true or false")
      return nil
    }
    return Located(value, at: node.location)
  }

  package func int(_ name: String) -> Located<Int>? {
    guard let node = raw(name) else { return nil }
    guard let value = node.scalar?.value.intValue else {
      wrongType(node, child(name), expected: "a whole number")
      return nil
    }
    return Located(value, at: node.location)
  }

  /// A number, whole or not.
  package func number(_ name: String) -> Located<Double>? {
    guard let node = raw(name) else { return nil }
    switch node.scalar?.value {
    case .int(let value): return Located(Double(value), at: node.location)
    case .double(let value): return Located(value, at: node.location)
    default:
      wrongType(node, child(name), expected: "a number")
      return nil
    }
  }

  /// Text that may also be written as a number (`IntOrString` of Kubernetes: ports).
  package func intOrString(_ name: String) -> Located<String>? {
    guard let node = raw(name) else { return nil }
    switch node.scalar?.value {
    case .string, .int: return Located(node.scalar?.text ?? "", at: node.location)
    default:
      wrongType(node, child(name), expected: "a number or a string")
      return nil
    }
  }

  package func object(_ name: String) -> FieldReader? {
    guard let node = raw(name) else { return nil }
    return FieldReader(node, path: child(name), sink: sink, parent: self)
  }

  package func objects(_ name: String) -> [FieldReader] {
    items(name, of: "objects").map {
      FieldReader($0.node, path: $0.path, sink: sink, parent: self)
    }
  }

  /// The items of a list with their paths; not a list is a diagnostic and empty.
  package func items(_ name: String, of what: String) -> [(node: DocumentNode, path: String)] {
    guard let node = raw(name) else { return [] }
    guard let items = node.items else {
      wrongType(node, child(name), expected: "a list of \(what)")
      return []
    }
    return items.enumerated().map { ($1, "\(child(name))[\($0)]") }
  }

  /// A map from text to text, such as labels; values written as numbers or booleans are reported
  /// and read as their text.
  package func stringMap(_ name: String) -> [String: String] {
    guard let node = raw(name) else { return [:] }
    guard let entries = node.entries else {
      wrongType(node, child(name), expected: "an object of strings")
      return [:]
    }
    var map: [String: String] = [:]
    for entry in entries {
      if let value = text(entry.value, "\(child(name)).\(entry.key)") {
        map[entry.key] = value.value
      }
    }
    return map
  }

  /// A moment in RFC 3339.
  package func time(_ name: String) -> UTCTime? {
    guard let node = raw(name) else { return nil }
    guard let text = node.scalar?.text, let time = UTCTime(text) else {
      wrongType(node, child(name), expected: "an RFC 3339 time such as \"2026-01-31T00:00:00Z\"")
      return nil
    }
    return time
  }

  /// One of a fixed set of words; another word is a diagnostic and nil.
  package func word<Word: RawRepresentable & CaseIterable>(_ name: String, as type: Word.Type)
    -> Located<Word>? where Word.RawValue == String
  {
    guard let text = string(name) else { return nil }
    guard let word = Word(rawValue: text.value) else {
      problem(
        "unknown-value", "\(child(name)) is \"\(text.value)\"", at: text.location,
        hint:
          "expected one of \(Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))")
      return nil
    }
    return Located(word, at: text.location)
  }

  /// Reports every field that was never asked for, with the nearest known name as hint.
  ///
  /// Called at the end of reading a policy, where a misspelt field changes what the policy means.
  package func reportUnknownFields() {
    for entry in entries where !asked.contains(entry.key) {
      let known = asked.sorted()
      // Names that differ in length by more than two differ by more than two.
      let near = known.lazy
        .filter { abs($0.utf8.count - entry.key.utf8.count) <= 2 }
        .map { (name: $0, distance: EditDistance.between($0, entry.key)) }
        .min { $0.distance < $1.distance }
      let hint: String
      if let near, near.distance <= 2 {
        hint = "did you mean \"\(near.name)\"?"
      } else {
        hint = "known fields here: \(known.joined(separator: ", "))"
      }
      problem(
        "unknown-field",
        "unknown field \"\(entry.key.prefix(100))\" in \(path.isEmpty ? "document" : path)",
        at: entry.keyLocation, hint: hint)
    }
  }

  /// Reports a problem of this object, which then counts as incomplete with everything around it.
  package func problem(
    _ code: String, _ message: String, at location: SourceLocation, hint: String? = nil
  ) {
    markProblem()
    sink.report(.error, code, message, at: location, hint: hint)
  }

  private func markProblem() {
    hasProblem = true
    parent?.markProblem()
  }

  private func text(_ node: DocumentNode, _ path: String) -> Located<String>? {
    guard let scalar = node.scalar, scalar.value != .null else {
      wrongType(node, path, expected: "a string")
      return nil
    }
    if scalar.value.stringValue == nil {
      wrongType(node, path, expected: "a string; put the value in quotes")
    }
    return Located(scalar.text, at: node.location)
  }

  private func wrongType(_ node: DocumentNode, _ path: String, expected: String) {
    let found = node.scalar.map { "\(node.typeName) (\($0.text.prefix(40)))" } ?? node.typeName
    problem(
      "wrong-type", "\(path.isEmpty ? "document" : path) is \(found)", at: node.location,
      hint: "expected \(expected)")
  }

  private func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

/// The number of insertions, deletions and substitutions between two short words.
package enum EditDistance {
  package static func between(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var row = Array(0...b.count)
    for (i, byte) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let substitution = diagonal + (byte == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
