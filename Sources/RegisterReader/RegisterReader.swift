package import AuditModel
package import DocumentReader
package import MeshModel

/// Reads the AI system register, `register.yaml` (docs/register.md).
///
/// Field names follow Annex VIII of Regulation (EU) 2024/1689. Unknown keys are errors, because a
/// misspelt key reads as a missing declaration; everything else is still read.
package enum RegisterReader {
  /// Whether a document is a register.
  package static func recognises(_ node: DocumentNode) -> Bool {
    node["register"] != nil && node["kind"] == nil && node["meshaudit"] == nil
  }

  /// The register in `node`; what does not fit is reported and left out.
  ///
  /// Systems keep the order of the file. A system without an id is left out, and of several with
  /// one id the first counts.
  package static func read(_ node: DocumentNode, into sink: DiagnosticSink) -> AIRegister {
    let fields = FieldReader(node, sink: sink)
    if fields.raw("register") == nil {
      fields.reportMissing("register", hint: "write \"register: 1\" at the top of the file")
    }
    fields.checkFormatVersion("register")
    readOrganisation(fields)
    if fields.raw("systems") == nil, !fields.has("systems") {
      fields.reportMissing("systems", hint: "list the AI systems, or write \"systems: []\"")
    }
    var systems: [AISystem] = []
    var places: [String: SourceLocation] = [:]
    for entry in fields.objects("systems") {
      guard let system = AISystemReader(entry).read() else { continue }
      if let first = places[system.id] {
        entry.problem(
          "duplicate-id", "system id \"\(system.id)\" is given again", at: system.location,
          hint: "ids are unique; the first, at \(first), is used")
        continue
      }
      places[system.id] = system.location
      systems.append(system)
    }
    fields.reportUnknownFields()
    return AIRegister(
      organisation: node["organisation"]?.json ?? .object([]), systems: systems,
      location: node.location)
  }

  private static func readOrganisation(_ fields: FieldReader) {
    guard let organisation = fields.object("organisation") else {
      if fields.raw("organisation") == nil {
        fields.reportMissing("organisation", hint: "say whose register it is")
      }
      return
    }
    _ = organisation.required("name", hint: "say whose register it is")
    _ = organisation.bool("publicAuthority")
    _ = organisation.bool("financialInstitution")
    if let country = organisation.string("country"),
      country.value.utf8.count != 2 || !country.value.utf8.allSatisfy({ (65...90).contains($0) })
    {
      organisation.problem(
        "unknown-value", "organisation.country is \"\(country.value.prefix(40))\"",
        at: country.location, hint: "expected two capital letters (ISO 3166-1), such as \"DE\"")
    }
    organisation.reportUnknownFields()
  }
}
