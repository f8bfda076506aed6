package import AuditModel
package import DocumentReader
package import MeshModel

/// The waivers of a file, and the entries that waive nothing because they break the rules for
/// waivers.
package struct WaiverFile: Sendable {
  /// An entry that was refused; its findings count as if it were not there.
  package struct Refusal: Sendable, Hashable {
    /// Nil when the entry has no readable id.
    package var id: String?
    /// Diagnostic codes of what is wrong, in the order in which they were reported.
    package var codes: [String]
    package var location: SourceLocation
  }

  package var waivers: [Waiver]
  package var refused: [Refusal]
}

/// Reads accepted risks, `waivers.yaml` (docs/waivers.md).
///
/// Reading is strict: a waiver that is not wholly right waives nothing. How long a waiver may run
/// for its severity, and whether its rules and subjects exist, is for the rule engine to say.
package enum WaiverReader {
  /// Rules whose findings nobody can accept: a broken evidence chain, a changed source, a
  /// prohibited system in operation; and every `MA-` rule, which is about waivers themselves.
  package static let nonWaivableRules: Set<String> = ["RK-012", "RK-013", "AI-005"]

  package static func isWaivable(_ ruleID: String) -> Bool {
    !nonWaivableRules.contains(ruleID) && !ruleID.hasPrefix("MA-")
  }

  /// Whether a document is a list of waivers.
  package static func recognises(_ node: DocumentNode) -> Bool {
    node["waivers"] != nil && node["kind"] == nil && node["meshaudit"] == nil
  }

  /// The waivers in `node`, in the order of the file.
  package static func read(_ node: DocumentNode, into sink: DiagnosticSink) -> WaiverFile {
    let fields = FieldReader(node, sink: sink)
    // `waivers: 1` with `items`, as the other files begin, or the list itself.
    let isVersioned = fields.raw("waivers")?.scalar != nil
    fields.checkFormatVersion(isVersioned ? "waivers" : "version")
    let list = isVersioned ? "items" : "waivers"
    if !fields.has(list) {
      fields.reportMissing(list, hint: "list the waivers, or write \"\(list): []\"")
    }
    var file = WaiverFile(waivers: [], refused: [])
    var places: [String: SourceLocation] = [:]
    for entry in fields.objects(list) {
      let before = sink.diagnostics.count
      let id = entry.required("id", hint: "give it a unique id such as \"WV-2026-012\"")
      let waiver = WaiverEntryReader(entry).read(id: id?.value ?? "")
      if let id {
        if let first = places[id.value] {
          entry.problem(
            "duplicate-id", "waiver id \"\(id.value.prefix(80))\" is given again", at: id.location,
            hint: "ids are unique and never used again; the first is at \(first)")
        } else {
          places[id.value] = id.location
        }
      }
      if let waiver, !entry.hasProblem {
        file.waivers.append(waiver)
      } else {
        let codes = sink.diagnostics[before...].map(\.code)
        file.refused.append(.init(id: id?.value, codes: codes, location: entry.location))
      }
    }
    fields.reportUnknownFields()
    return file
  }
}
