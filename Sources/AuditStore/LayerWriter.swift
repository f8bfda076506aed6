import AuditModel
import GRDB
import MeshModel

/// Writes lints of the meshes and the decisions of external authorizers.
enum LayerWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let lints = try RowWriter(
      connection, table: "mesh_lints",
      columns: [
        "run_id", "lint", "subject_group", "subject_kind", "namespace", "name", "detail", "message",
        "location_id",
      ])
    for lint in facts.lints {
      try lints.insert([
        runID, lint.id, lint.subject.kind.group, lint.subject.kind.kind, lint.subject.namespace,
        lint.subject.name, lint.detail, lint.message, try locations.id(lint.location),
      ])
    }
    let decisions = try RowWriter(
      connection, table: "external_decisions",
      columns: [
        "run_id", "day", "source", "destination", "destination_namespace", "destination_name",
        "port", "method", "path_template", "policy", "revision", "outcome", "decision_count",
        "first_seen", "last_seen", "mesh_decision", "mesh_decided_by",
      ])
    for decision in facts.externalDecisions {
      let key = decision.key
      try decisions.insert([
        runID, key.day, key.source, key.destination, key.destinationWorkload?.namespace,
        key.destinationWorkload?.name, key.port, key.method, key.pathTemplate, key.policy,
        key.revision, key.outcome.rawValue, decision.count, decision.firstSeen.text,
        decision.lastSeen.text, decision.meshDecision?.rawValue, decision.meshDecidedBy,
      ])
    }
  }
}
