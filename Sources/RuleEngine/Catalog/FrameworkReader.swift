import AuditModel
import DocumentReader
import MeshModel

/// Reads one law or standard (`frameworks/*.yaml`).
///
/// ```yaml
/// id: eu-ai-act
/// title: …
/// edition: …
/// source: …
/// controls:
/// - id: art-12-1
///   label: Article 12(1)
///   title: …
///   roles: [provider]
///   source: …
///   appliesFrom:
///   - {route: annex-iii, from: 2027-12-02, note: …}
///   rules:
///   - {id: RK-001, effects: [supports, contradicts]}
/// ```
struct FrameworkReader {
  let file: EmbeddedFile
  let ruleIDs: Set<String>
  let sink: DiagnosticSink

  func read() -> [Framework] {
    guard let node = YAMLDocuments.read(file.text, path: file.path, into: sink).first else {
      return []
    }
    let fields = FieldReader(node, sink: sink)
    let texts = ["id", "title", "edition", "source"].map { name in
      let text = fields.string(name)?.value
      if text == nil {
        fields.problem("missing-field", "the framework has no \"\(name)\"", at: fields.location)
      }
      return text ?? ""
    }
    var seen: Set<String> = []
    let controls = fields.objects("controls").compactMap { control($0, seen: &seen) }
    fields.reportUnknownFields()
    guard texts.allSatisfy({ !$0.isEmpty }) else { return [] }
    return [
      Framework(
        id: texts[0], title: texts[1], edition: texts[2], source: texts[3], controls: controls)
    ]
  }

  private func control(_ fields: FieldReader, seen: inout Set<String>) -> Control? {
    let id = fields.string("id")
    let label = fields.string("label")
    let title = fields.string("title")
    var control = Control(
      id: id?.value ?? "", label: label?.value ?? "", title: title?.value ?? "",
      roles: fields.strings("roles").map(\.value), source: fields.string("source")?.value)
    control.appliesFrom = fields.objects("appliesFrom").compactMap(application)
    control.mappings = fields.objects("rules").compactMap(mapping)
    fields.reportUnknownFields()
    guard let id, label != nil, title != nil else {
      fields.problem(
        "missing-field", "a control needs id, label and title", at: fields.location)
      return nil
    }
    guard seen.insert(id.value).inserted else {
      fields.problem(
        "double-control", "the control \"\(id.value)\" is there twice", at: id.location)
      return nil
    }
    return control
  }

  private func application(_ fields: FieldReader) -> Control.Application? {
    let route = fields.string("route")?.value ?? ""
    let from = fields.string("from")
    let note = fields.string("note")?.value
    let placedBefore = fields.string("placedBefore")
    fields.reportUnknownFields()
    guard let from, FrameworkReader.isDay(from.value) else {
      fields.problem(
        "wrong-day", "appliesFrom has no day", at: from?.location ?? fields.location,
        hint: "write from: 2027-12-02")
      return nil
    }
    if let placedBefore, !FrameworkReader.isDay(placedBefore.value) {
      fields.problem(
        "wrong-day", "placedBefore is \"\(placedBefore.value)\"", at: placedBefore.location,
        hint: "write placedBefore: 2026-08-02")
      return nil
    }
    return Control.Application(
      route: route, from: from.value, note: note, placedBefore: placedBefore?.value)
  }

  private static func isDay(_ text: String) -> Bool {
    text.utf8.count == 10 && UTCTime(text) != nil
  }

  private func mapping(_ fields: FieldReader) -> Control.Mapping? {
    let id = fields.string("id")
    let effects = fields.strings("effects").compactMap { text -> Control.Effect? in
      guard let effect = Control.Effect(rawValue: text.value) else {
        let known = Control.Effect.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        fields.problem(
          "unknown-value", "effects names \"\(text.value)\"", at: text.location,
          hint: "expected one of \(known)")
        return nil
      }
      return effect
    }
    fields.reportUnknownFields()
    guard let id, !effects.isEmpty else {
      fields.problem(
        "missing-field", "a mapping needs a rule id and effects", at: fields.location)
      return nil
    }
    guard ruleIDs.contains(id.value) else {
      fields.problem(
        "unknown-rule", "there is no rule \"\(id.value)\"", at: id.location,
        hint: "map rules that are in a pack; the rule may have failed to load")
      return nil
    }
    return Control.Mapping(ruleID: id.value, effects: effects)
  }
}
