import AuditModel
import GRDB
import MeshModel

/// Writes who may call the stop endpoints of AI systems.
enum StopPathWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs
  ) throws {
    let rows = try RowWriter(
      connection, table: "stop_paths",
      columns: [
        "run_id", "system_id", "source_kind", "source", "principal", "workload_id", "is_overseer",
        "port", "decision", "decided_by", "reason",
      ])
    for fact in facts.stopPaths {
      try rows.insert([
        runID, fact.systemID, fact.sourceKind, fact.source, fact.principal,
        fact.workload.flatMap { ids.workloads[$0] }, fact.isOverseer, fact.port,
        fact.decision.rawValue, fact.decidedBy, fact.reason,
      ])
    }
  }
}
