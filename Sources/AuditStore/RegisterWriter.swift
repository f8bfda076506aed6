import AuditModel
import GRDB
import MeshModel

/// Writes the AI system register and its workloads.
enum RegisterWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs,
    locations: LocationWriter
  ) throws {
    guard let register = facts.register else { return }
    try writeOrganisation(of: register, connection, runID: runID, locations: locations)
    let declarations = try DeclarationWriter(connection, runID: runID)
    let systems = try RowWriter(
      connection, table: "ai_systems",
      columns: [
        "run_id", "system_id", "trade_name", "status", "risk_class", "route", "point", "roles",
        "owner", "log_retention_days", "log_retention_legal_basis", "log_controller", "log_sink",
        "oversight_person_count", "oversight_principals", "entry", "location_id",
      ] + DeclarationWriter.systemColumns)
    let interactions = try RowWriter(
      connection, table: "interactions",
      columns: [
        "run_id", "system_id", "peer", "external", "direction", "purpose", "supplier",
        "location_id",
      ])
    let documents = try RowWriter(
      connection, table: "ai_system_documents",
      columns: ["run_id", "system_id", "name", "uri", "sha256", "reason"])
    for system in register.systems {
      try systems.insert(
        [
          runID, system.id, system.tradeName, system.status.rawValue, system.riskClass.rawValue,
          system.classificationRoute, system.classificationPoint,
          JSONText.array(system.roles.map(\.rawValue)), system.owner, system.logRetentionDays,
          system.logRetentionLegalBasis, system.logController, system.logSink,
          system.oversightPersonCount, JSONText.array(system.oversightPrincipals),
          system.entry.canonicalText, try locations.id(system.location),
        ] + DeclarationWriter.systemValues(system))
      try declarations.write(system)
      for interaction in system.interactions {
        try interactions.insert([
          runID, system.id, interaction.peer, interaction.external, interaction.direction,
          interaction.purpose, interaction.supplier, try locations.id(interaction.location),
        ])
      }
      for (name, document) in system.documents.sorted(by: { $0.key < $1.key }) {
        try documents.insert([
          runID, system.id, name, document.uri, document.sha256, document.reason,
        ])
      }
    }
    let members = try RowWriter(
      connection, table: "ai_system_workloads", columns: ["system_id", "workload_id", "kind"])
    var seen: Set<AISystemMember> = []
    for member in facts.members {
      var key = member
      key.kind = nil
      guard let workload = ids.workloads[member.workload], seen.insert(key).inserted else {
        continue
      }
      try members.insert([member.systemID, workload, member.kind])
    }
  }
  private static func writeOrganisation(
    of register: AIRegister, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let organisation = register.organisation
    try RowWriter(
      connection, table: "ai_registers",
      columns: [
        "run_id", "name", "is_public_authority", "is_financial_institution", "country",
        "location_id",
      ]
    ).insert([
      runID, organisation["name"]?.stringValue, organisation["publicAuthority"]?.boolValue,
      organisation["financialInstitution"]?.boolValue, organisation["country"]?.stringValue,
      try locations.id(register.location),
    ])
  }
}
