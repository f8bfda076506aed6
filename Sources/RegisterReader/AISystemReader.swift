import AuditModel
import DocumentReader
import MeshModel

/// Reads one entry of `systems`.
struct AISystemReader {
  private let fields: FieldReader

  init(_ fields: FieldReader) { self.fields = fields }

  /// Documents under `docs`, in the words of the register.
  static let documentNames = [
    "technicalDocumentation", "instructionsForUse", "riskManagement", "postMarketPlan", "fria",
    "dpia", "workerInformation", "affectedPersonNotice", "literacy",
  ]

  /// The system; nil when it has no usable id.
  ///
  /// Every problem is reported.
  func read() -> AISystem? {
    let id = readID()
    let tradeName = fields.required("tradeName", hint: "give its name (Annex VIII, A4)")
    let roles = readRoles()
    let suppliers = readSuppliers()
    let classification = readClassification()
    let oversight = readOversight()
    let logs = readLogs()
    readDeclarations()
    var system = AISystem(
      id: id?.value ?? "", tradeName: tradeName?.value ?? "",
      reference: fields.string("reference")?.value, status: readStatus(), roles: roles,
      riskClass: fields.word("riskClass", as: AISystem.RiskClass.self)?.value ?? .unclassified,
      classificationRoute: classification.route, classificationPoint: classification.point,
      owner: readOwner(), workloads: WorkloadSelectorReader.read(fields),
      interactions: InteractionReader.read(fields, suppliers: suppliers),
      logRetentionDays: logs.retentionDays, logRetentionLegalBasis: logs.legalBasis,
      logController: logs.controller, logSink: logs.sink, oversightPrincipals: oversight.principals,
      oversightPersonCount: oversight.personCount, documents: readDocuments(),
      entry: fields.node.json, location: fields.location)
    if let id { system.location = id.location }
    fields.reportUnknownFields()
    return id == nil ? nil : system
  }

  /// The id stands in the label `meshaudit.dev/ai-system`, so it must be a Kubernetes label value:
  /// at most 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends (Kubernetes
  /// documentation, Labels and Selectors, Syntax and character set).
  private func readID() -> Located<String>? {
    guard let id = fields.required("id", hint: "give it a stable id such as \"ai-017\"") else {
      return nil
    }
    let bytes = id.value.utf8
    let isAlphanumeric = { (byte: UInt8) in
      (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
    }
    let isLabelValue =
      bytes.count <= 63 && bytes.first.map(isAlphanumeric) == true
      && bytes.last.map(isAlphanumeric) == true
      && bytes.allSatisfy { isAlphanumeric($0) || [0x2D, 0x5F, 0x2E].contains($0) }
    if !isLabelValue {
      fields.problem(
        "invalid-id", "\(fields.name(of: "id")) is \"\(id.value.prefix(80))\"", at: id.location,
        hint: "expected up to 63 letters, digits, \"-\", \"_\" and \".\", as in a label value")
      return nil
    }
    return id
  }

  /// Decision: a system without a readable status counts as in service, the strictest reading.
  private func readStatus() -> AISystem.Status {
    if fields.raw("status") == nil {
      let words = AISystem.Status.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      fields.reportMissing("status", hint: "expected one of \(words)")
    }
    return fields.word("status", as: AISystem.Status.self)?.value ?? .inService
  }

  private func readRoles() -> [AISystem.Role] {
    var roles: [AISystem.Role] = []
    for text in fields.strings("roles") {
      guard let role = AISystem.Role(rawValue: text.value) else {
        let words = AISystem.Role.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        fields.problem(
          "unknown-value", "\(fields.name(of: "roles")) has \"\(text.value.prefix(40))\"",
          at: text.location, hint: "expected one of \(words)")
        continue
      }
      if roles.contains(role) {
        fields.problem(
          "duplicate-value", "\(fields.name(of: "roles")) has \"\(text.value)\" twice",
          at: text.location, hint: "remove one of them")
      } else {
        roles.append(role)
      }
    }
    return roles
  }

  private enum Route: String, CaseIterable {
    case annexIII = "annex-iii"
    case annexI = "annex-i"
  }

  /// Points (a) to (d) of Article 6(3), second subparagraph.
  private enum Derogation: String, CaseIterable {
    case a, b, c, d
  }

  private func readClassification() -> (route: String?, point: String?) {
    guard let part = fields.object("classification") else { return (nil, nil) }
    let route = part.word("route", as: Route.self)
    let point = part.string("point")
    _ = part.word("derogation6_3", as: Derogation.self)
    _ = part.bool("profiling")
    _ = DocumentReferenceReader.read("assessment", in: part)
    part.reportUnknownFields()
    return (route?.value.rawValue, point?.value)
  }

  private func readOwner() -> String? {
    guard let owner = fields.object("owner") else { return nil }
    let team = owner.string("team")?.value
    let contact = owner.string("contact")?.value
    owner.reportUnknownFields()
    return team ?? contact
  }

  private func readOversight() -> (principals: [String], personCount: Int) {
    guard let oversight = fields.object("oversight") else { return ([], 0) }
    let persons = oversight.objects("persons")
    for person in persons {
      _ = person.required("role", hint: "name the role, not the person")
      _ = person.string("contact")
      _ = DocumentReferenceReader.read("competence", in: person)
      person.reportUnknownFields()
    }
    let principals = oversight.strings("principals")
    for principal in principals where LinkerdIdentity(principal.value) == nil {
      if let defect = SPIFFEID.defect(in: principal.value) {
        oversight.problem(
          "invalid-spiffe-id",
          "\(oversight.name(of: "principals")) has \"\(principal.value.prefix(120))\": \(defect)",
          at: principal.location,
          hint: "expected \"spiffe://<trust domain>/<path>\", or the name that Linkerd issues")
      }
    }
    if let stop = oversight.object("stop") { readStop(stop) }
    _ = DocumentReferenceReader.read("suspendPolicy", in: oversight)
    oversight.reportUnknownFields()
    return (
      principals.map(\.value).filter { SPIFFEID($0) != nil || LinkerdIdentity($0) != nil },
      persons.count
    )
  }

  private func readStop(_ stop: FieldReader) {
    if let workload = stop.required("workload", hint: "expected \"<namespace>/<workload>\"") {
      WorkloadName.check(workload, called: stop.name(of: "workload"), in: stop)
    }
    if let endpoint = stop.string("endpoint") {
      let parts = endpoint.value.split(separator: " ", omittingEmptySubsequences: false)
      if parts.count != 2 || !HTTPMethodName.isValid(String(parts[0])) || !parts[1].hasPrefix("/") {
        stop.problem(
          "unknown-value", "\(stop.name(of: "endpoint")) is \"\(endpoint.value.prefix(120))\"",
          at: endpoint.location, hint: "expected method and path, such as \"POST /admin/stop\"")
      }
    }
    _ = stop.count("maxDaysUntested")
    stop.reportUnknownFields()
  }

  private func readSuppliers() -> Set<String> {
    var ids: Set<String> = []
    for supplier in fields.objects("suppliers") {
      if let id = supplier.required("id", hint: "give it an id that interactions can name"),
        !ids.insert(id.value).inserted
      {
        supplier.problem(
          "duplicate-id", "supplier id \"\(id.value.prefix(80))\" is given again", at: id.location,
          hint: "ids of suppliers are unique within a system")
      }
      _ = supplier.strings("provides")
      _ = DocumentReferenceReader.read("agreement", in: supplier)
      _ = supplier.bool("gpai")
      supplier.reportUnknownFields()
    }
    return ids
  }

  /// Who keeps the logs: Articles 19(1) and 26(6) bind whoever controls them.
  private enum LogController: String, CaseIterable {
    case provider
    case deployer
    case thirdParty = "third-party"
  }

  private struct Logs {
    var controller: String?
    var retentionDays: Int?
    var legalBasis: String?
    var sink: String?
  }

  private func readLogs() -> Logs {
    guard let part = fields.object("logs") else { return Logs() }
    let logs = Logs(
      controller: part.word("controller", as: LogController.self)?.value.rawValue,
      retentionDays: part.count("retentionDays")?.value,
      legalBasis: part.string("legalBasis")?.value, sink: part.string("sink")?.value)
    _ = DocumentReferenceReader.read("agreement", in: part)
    _ = DocumentReferenceReader.read("schema", in: part)
    _ = part.stringMap("biometricFields")
    part.reportUnknownFields()
    return logs
  }

  private func readDocuments() -> [String: DocumentReference] {
    guard let part = fields.object("docs") else { return [:] }
    var documents: [String: DocumentReference] = [:]
    for name in AISystemReader.documentNames {
      documents[name] = DocumentReferenceReader.read(name, in: part) { document in
        guard name == "fria" else { return }
        _ = document.string("period")
        _ = document.count("maxRequestsPerDay")
      }
    }
    part.reportUnknownFields()
    return documents
  }

  /// Fields that are kept in the entry only; they are read here so that their types are checked.
  private func readDeclarations() { DeclarationReader.check(fields) }
}
