import AuditModel
import GRDB
import MeshModel

/// Writes what SPIRE issues to which workload.
enum RegistrationWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter,
    ids: ConfigurationIDs
  ) throws {
    let writer = try RowWriter(
      connection, table: "workload_registrations",
      columns: [
        "run_id", "source", "name", "spiffe_id", "workload_id", "reason", "selectors", "dns_names",
        "x509_ttl_seconds", "jwt_ttl_seconds", "federates_with", "is_admin", "is_downstream",
        "is_fallback", "hint", "class_name", "location_id",
      ])
    for row in facts.registrations {
      try writer.insert([
        runID, row.source.rawValue, row.name, row.spiffeID,
        row.workload.flatMap { ids.workloads[$0] },
        row.reason, JSONText.array(row.selectors), JSONText.array(row.dnsNames),
        row.x509TTLSeconds, row.jwtTTLSeconds, JSONText.array(row.federatesWith), row.isAdmin,
        row.isDownstream, row.isFallback, row.hint, row.className,
        try locations.id(row.location),
      ])
    }
  }
}
