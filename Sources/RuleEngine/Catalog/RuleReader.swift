import AuditModel
import DocumentReader
import MeshModel

/// Reads one rule's folder.
struct RuleReader {
  let tree: RuleTree
  let pack: String
  let folder: String
  let readsExamples: Bool
  let sink: DiagnosticSink

  private var path: String { "\(pack)/\(folder)" }
  private var yamlPath: String { "\(path)/rule.yaml" }

  /// Nil when something is wrong; the diagnostics say what.
  func read() -> (rule: Rule, examples: [RuleExample], inherits: [Located<String>])? {
    guard let file = tree[yamlPath] else {
      report("missing-rule-file", "the folder \"\(path)\" has no rule.yaml", hint: nil)
      return nil
    }
    guard let node = YAMLDocuments.read(file.text, path: yamlPath, into: sink).first else {
      report("empty-rule-file", "\(yamlPath) holds no document", hint: nil)
      return nil
    }
    guard let sql = tree["\(path)/check.sql"]?.text else {
      report("missing-check", "the folder \"\(path)\" has no check.sql", hint: nil)
      return nil
    }
    let fields = FieldReader(node, sink: sink)
    let rule = rule(fields, sql: sql)
    let inherits = fields.strings("inherits")
    fields.reportUnknownFields()
    guard let rule, !fields.hasProblem else { return nil }
    guard readsExamples else { return (rule, [], inherits) }
    let examples = RuleExampleReader(
      ruleID: rule.id, files: tree.files(under: "\(path)/examples"), path: "\(path)/examples",
      sink: sink
    ).read()
    guard let examples, hasBoth(examples) else { return nil }
    return (rule, examples, inherits)
  }

  private func rule(_ fields: FieldReader, sql: String) -> Rule? {
    let id = required("id", fields)
    let name = required("name", fields)
    let severity = fields.word("severity", as: Severity.self)?.value
    let confidence = fields.word("confidence", as: Confidence.self)?.value
    for missing in ["severity", "confidence"] where !fields.has(missing) {
      reportMissing(missing, fields)
    }
    let texts = ["title", "question", "why", "remediation", "since"].map { required($0, fields) }
    let reads = fields.strings("reads").map(\.value)
    if reads.isEmpty { reportMissing("reads", fields) }
    let needs = needs(fields)
    let parameters = fields.objects("parameters").compactMap(parameter)
    let references = fields.objects("references").compactMap(reference)
    let aliases = fields.strings("aliases").map(\.value)
    guard let id, let name, let severity, let confidence, texts.allSatisfy({ $0 != nil }) else {
      return nil
    }
    checkNames(id: id, name: name, title: texts[0] ?? "", fields)
    return Rule(
      id: id, name: name, pack: pack, title: texts[0] ?? "", question: texts[1] ?? "",
      why: texts[2] ?? "", remediation: texts[3] ?? "", severity: severity, confidence: confidence,
      reads: reads.sorted(), needs: needs, parameters: parameters, references: references,
      since: texts[4] ?? "", aliases: aliases, sql: sql,
      location: SourceLocation(path: yamlPath, line: 1, column: 1))
  }

  /// An id is two or three capitals, a hyphen and digits; the folder carries id and name.
  private func checkNames(id: String, name: String, title: String, _ fields: FieldReader) {
    if folder != "\(id)-\(name)" {
      fields.problem(
        "wrong-folder", "the folder \"\(folder)\" does not carry id and name of its rule",
        at: fields.location, hint: "expected \"\(id)-\(name)\"")
    }
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    let isID =
      parts.count == 2 && (2...12).contains(parts[0].utf8.count)
      && parts[0].utf8.allSatisfy { (65...90).contains($0) }
      && parts[1].utf8.count >= 3 && parts[1].utf8.allSatisfy { (48...57).contains($0) }
    if !isID {
      fields.problem(
        "wrong-rule-id", "\"\(id)\" is no rule id", at: fields.location,
        hint: "expected capitals, a hyphen and three digits, for example \"ACME-001\"")
    }
    if !title.contains("should") {
      fields.problem(
        "wrong-title", "the title \"\(title)\" does not say what should be", at: fields.location,
        hint: "write a sentence with \"should\"")
    }
  }

  private func needs(_ fields: FieldReader) -> [InputNeed] {
    if !fields.has("needs") { reportMissing("needs", fields) }
    return fields.strings("needs").compactMap { text in
      guard let need = InputNeed(rawValue: text.value) else {
        let known = InputNeed.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        fields.problem(
          "unknown-value", "needs names \"\(text.value)\"", at: text.location,
          hint: "expected one of \(known)")
        return nil
      }
      return need
    }
  }

  private func parameter(_ fields: FieldReader) -> Rule.Parameter? {
    let name = fields.string("name")
    let type = fields.word("type", as: ParameterType.self)
    let value = fields.raw("default")
    let documentation = fields.string("doc")
    fields.reportUnknownFields()
    guard let name, let type, let value, let documentation else {
      fields.problem(
        "missing-field", "a parameter needs name, type, default and doc", at: fields.location)
      return nil
    }
    if !ParameterType.isName(name.value) || BoundValue(rawValue: name.value) != nil {
      let taken = BoundValue.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      fields.problem(
        "wrong-parameter-name", "\"\(name.value)\" cannot name a parameter", at: name.location,
        hint: "use small letters, digits and _, starting with a letter; \(taken) are taken")
    }
    if !type.value.accepts(value.json) {
      fields.problem(
        "wrong-type", "the default of \"\(name.value)\" is \(value.typeName)", at: value.location,
        hint: "expected \(type.value.text)")
    }
    return Rule.Parameter(
      name: name.value, defaultValue: value.json, documentation: documentation.value)
  }

  private func reference(_ fields: FieldReader) -> Rule.Reference? {
    let title = fields.string("title")
    let url = fields.string("url")
    fields.reportUnknownFields()
    guard let title else {
      fields.problem("missing-field", "a reference needs a title", at: fields.location)
      return nil
    }
    return Rule.Reference(title: title.value, url: url?.value)
  }

  private func hasBoth(_ examples: [RuleExample]) -> Bool {
    let fails = examples.contains { $0.outcome == .fail }
    let passes = examples.contains { $0.outcome == .pass }
    guard fails, passes else {
      report(
        "missing-example", "the rule in \"\(path)\" has no \(fails ? "pass" : "fail") example",
        hint: "add examples/\(fails ? "pass" : "fail")-<name>.yaml or a folder of that name")
      return false
    }
    return true
  }

  private func required(_ name: String, _ fields: FieldReader) -> String? {
    guard let text = fields.string(name)?.value.trimmedSpaces, !text.isEmpty else {
      reportMissing(name, fields)
      return nil
    }
    return text
  }

  private func reportMissing(_ name: String, _ fields: FieldReader) {
    fields.problem(
      "missing-field", "the rule has no \"\(name)\"", at: fields.location, hint: nil)
  }

  private func report(_ code: String, _ message: String, hint: String?) {
    sink.report(.error, code, message, at: SourceLocation(path: yamlPath), hint: hint)
  }
}

/// What a parameter's value may be.
package enum ParameterType: String, CaseIterable, Sendable {
  case integer
  case number
  case text
  case boolean
  case texts

  var text: String {
    switch self {
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "a string"
    case .boolean: "true or false"
    case .texts: "a list of strings"
    }
  }

  func accepts(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.integer, .int), (.number, .int), (.number, .double), (.text, .string), (.boolean, .bool):
      true
    case (.texts, .array(let items)): items.allSatisfy { $0.stringValue != nil }
    default: false
    }
  }

  /// The type that a default has.
  init?(of value: JSONValue) {
    switch value {
    case .int: self = .integer
    case .double: self = .number
    case .string: self = .text
    case .bool: self = .boolean
    case .array: self = .texts
    case .null, .object: return nil
    }
  }

  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (97...122).contains(first) else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
  }
}

extension String {
  /// Without spaces and line ends at both ends.
  var trimmedSpaces: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let start = drop(while: isSpace)
    guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...end])
  }
}
