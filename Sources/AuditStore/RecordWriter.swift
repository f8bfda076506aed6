import AuditModel
import GRDB
import MeshModel

/// Writes where logs go, who may change what is kept there, and the evidence of earlier runs.
enum RecordWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let sinks = try RowWriter(
      connection, table: "log_sinks",
      columns: [
        "run_id", "collector", "namespace", "name", "kind", "address", "is_in_cluster",
        "service_namespace", "service_name", "location_id",
      ])
    for fact in facts.logSinks {
      let sink = fact.sink
      try sinks.insert([
        runID, sink.collector, sink.namespace, sink.name, sink.kind, sink.address,
        fact.isInCluster, fact.service?.namespace, fact.service?.name,
        try locations.id(sink.location),
      ])
    }
    let grants = try RowWriter(
      connection, table: "role_grants",
      columns: [
        "run_id", "account_namespace", "account_name", "scope", "api_group", "resource",
        "resource_name", "verb", "role", "binding", "location_id",
      ])
    for fact in facts.roleGrants {
      try grants.insert([
        runID, fact.accountNamespace, fact.accountName, fact.scope, fact.apiGroup, fact.resource,
        fact.resourceName, fact.verb, fact.role, fact.binding, try locations.id(fact.location),
      ])
    }
    let evidence = try RowWriter(
      connection, table: "evidence_runs",
      columns: [
        "run_id", "attested_run", "sequence", "as_of", "signature", "problem_count", "problems",
        "location_id",
      ])
    for fact in facts.evidence {
      try evidence.insert([
        runID, fact.runID, fact.sequence, fact.asOf?.text, fact.signature.rawValue,
        fact.problems.count, JSONText.array(fact.problems), try locations.id(fact.location),
      ])
    }
  }
}
