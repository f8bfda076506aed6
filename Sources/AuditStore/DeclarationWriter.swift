import AuditModel
import GRDB
import MeshModel

/// Writes what a system declares in its entry: facts of its own, documents, suppliers, stores, incidents.
///
/// Reads the entry as it was written; a value of another type than the register asks for was reported when
/// the register was read, and counts as not declared.
struct DeclarationWriter {
  private let runID: Int64
  private let documents: RowWriter
  private let suppliers: RowWriter
  private let stores: RowWriter
  private let incidents: RowWriter

  init(_ connection: Database, runID: Int64) throws {
    self.runID = runID
    documents = try RowWriter(
      connection, table: "declared_documents",
      columns: [
        "run_id", "system_id", "name", "declaration", "uri", "reason", "sha256", "date",
        "review_by", "version", "retention_years",
      ])
    suppliers = try RowWriter(
      connection, table: "ai_system_suppliers",
      columns: [
        "run_id", "system_id", "supplier_id", "provides", "agreement_uri", "agreement_reason",
        "is_gpai",
      ])
    stores = try RowWriter(
      connection, table: "ai_system_stores", columns: ["run_id", "system_id", "purpose", "peer"])
    incidents = try RowWriter(
      connection, table: "ai_system_incidents",
      columns: [
        "run_id", "system_id", "incident_id", "aware_at", "kind", "is_death", "evidence_hold",
        "report_reference",
      ])
  }

  /// Columns of `ai_systems` that `systemValues` fills.
  static let systemColumns = [
    "reference", "derogation", "is_profiling", "placed_on_market", "last_design_change",
    "uses_personal_data", "is_biometric", "is_workplace_use", "is_user_facing", "stop_workload",
    "stop_endpoint", "stop_max_days", "registration_id", "registration_url",
  ]

  static func systemValues(_ system: AISystem) -> [(any DatabaseValueConvertible)?] {
    let entry = system.entry
    let classification = entry["classification"]
    let stop = entry["oversight"]?["stop"]
    let registration = entry["registration"]
    return [
      system.reference, classification?["derogation6_3"]?.stringValue,
      classification?["profiling"]?.boolValue, entry["placedOnMarket"]?.stringValue,
      entry["lastSignificantDesignChange"]?.stringValue, entry["usesPersonalData"]?.boolValue,
      entry["biometric1a"]?.boolValue, entry["workplaceUse"]?.boolValue,
      entry["userFacing"]?.boolValue, stop?["workload"]?.stringValue,
      stop?["endpoint"]?.stringValue, stop?["maxDaysUntested"]?.intValue,
      registration?["euDatabaseId"]?.stringValue, registration?["url"]?.stringValue,
    ]
  }

  /// Documents with the place of their reference in the entry.
  private static let documentPlaces: [(name: String, part: String, field: String)] =
    [
      "technicalDocumentation", "instructionsForUse", "riskManagement", "postMarketPlan", "fria",
      "dpia", "workerInformation", "affectedPersonNotice", "literacy",
    ].map { ($0, "docs", $0) } + [
      ("assessment", "classification", "assessment"),
      ("suspendPolicy", "oversight", "suspendPolicy"),
      ("logAgreement", "logs", "agreement"),
      ("logSchema", "logs", "schema"),
    ]

  func write(_ system: AISystem) throws {
    for place in DeclarationWriter.documentPlaces {
      let reference = system.entry[place.part]?[place.field]
      let uri = DeclarationWriter.text(reference, "uri")
      let reason = DeclarationWriter.text(reference, "reason")
      try documents.insert([
        runID, system.id, place.name,
        uri != nil ? "given" : reason != nil ? "reasoned" : "missing", uri, reason,
        DeclarationWriter.text(reference, "sha256"), DeclarationWriter.text(reference, "date"),
        DeclarationWriter.text(reference, "reviewBy"), DeclarationWriter.text(reference, "version"),
        reference?["retentionYears"]?.intValue,
      ])
    }
    for supplier in system.entry["suppliers"]?.arrayValue ?? [] {
      try suppliers.insert([
        runID, system.id, supplier["id"]?.stringValue,
        JSONText.array((supplier["provides"]?.arrayValue ?? []).compactMap(\.stringValue)),
        DeclarationWriter.text(supplier["agreement"], "uri"),
        DeclarationWriter.text(supplier["agreement"], "reason"), supplier["gpai"]?.boolValue,
      ])
    }
    for purpose in ["training", "features", "memory", "writers"] {
      for peer in system.entry["stores"]?[purpose]?.arrayValue ?? [] {
        guard let peer = peer.stringValue else { continue }
        try stores.insert([runID, system.id, purpose, peer])
      }
    }
    for incident in system.entry["incidents"]?.arrayValue ?? [] {
      try incidents.insert([
        runID, system.id, incident["id"]?.stringValue, incident["awareAt"]?.stringValue,
        incident["kind"]?.stringValue, incident["death"]?.boolValue,
        DeclarationWriter.text(incident, "evidenceHold"),
        DeclarationWriter.text(incident, "reportRef"),
      ])
    }
  }

  /// A text that says something.
  private static func text(_ value: JSONValue?, _ field: String) -> String? {
    guard let text = value?[field]?.stringValue, !text.allSatisfy(\.isWhitespace) else {
      return nil
    }
    return text
  }
}
