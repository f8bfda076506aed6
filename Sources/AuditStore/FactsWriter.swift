package import AuditModel
import GRDB
package import MeshModel

/// Identifies a run in the store.
package struct RunID: Hashable, Sendable {
  package let value: Int64
  /// 1, 2, 3, … in the order of the runs of this database.
  package let sequence: Int
}

/// What is known of a run when it starts.
package struct RunStart: Sendable {
  package var key: String
  package var asOf: UTCTime
  package var startedAt: UTCTime
  package var toolVersion: String
  package var rulesDigest: String
  package var cluster: String

  package init(
    key: String, asOf: UTCTime, startedAt: UTCTime, toolVersion: String, rulesDigest: String,
    cluster: String
  ) {
    self.key = key
    self.asOf = asOf
    self.startedAt = startedAt
    self.toolVersion = toolVersion
    self.rulesDigest = rulesDigest
    self.cluster = cluster
  }
}

extension AuditStore {
  /// Writes all facts of a run in one transaction and makes it the current one, so that rules see it.
  ///
  /// Until `finish` the run has no outcome; should it be killed, the next opening of the store makes
  /// the run before it current again.
  package func begin(_ start: RunStart, facts: RunFacts) throws(StoreError) -> RunID {
    try write { connection in
      let sequence =
        try Int.fetchOne(
          connection, sql: "select coalesce(max(sequence), 0) + 1 from runs") ?? 1
      try connection.execute(
        sql: """
          insert into runs (run_key, sequence, as_of, started_at, tool_version, rules_digest, cluster)
          values (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          start.key, sequence, start.asOf.text, start.startedAt.text, start.toolVersion,
          start.rulesDigest, start.cluster,
        ])
      let runID = connection.lastInsertedRowID
      try connection.execute(
        sql: """
          insert into current_run (singleton, run_id) values (1, ?)
          on conflict (singleton) do update set run_id = excluded.run_id
          """, arguments: [runID])
      let locations = try LocationWriter(connection, runID: runID)
      try InputWriter.write(facts, connection, runID: runID, locations: locations)
      let configuration = try ConfigurationWriter.write(
        facts, connection, runID: runID, locations: locations)
      let ruleIDs = try PolicyWriter.write(
        facts, connection, runID: runID, ids: configuration, locations: locations)
      try IstioWriter.write(
        facts, connection, runID: runID, ids: configuration, locations: locations)
      try AccessWriter.write(facts, connection, runID: runID, ids: configuration)
      try LayerWriter.write(facts, connection, runID: runID, locations: locations)
      try RecordWriter.write(facts, connection, runID: runID, locations: locations)
      try CertificateWriter.write(
        facts, connection, runID: runID, locations: locations, asOf: start.asOf)
      try RegisterWriter.write(
        facts, connection, runID: runID, ids: configuration, locations: locations)
      try StopPathWriter.write(facts, connection, runID: runID, ids: configuration)
      try TrafficDecisionWriter.write(
        facts, connection, runID: runID,
        operations: try UsageWriter.write(
          facts, connection, runID: runID, ids: configuration, ruleIDs: ruleIDs))
      try MetricWriter.write(facts, connection, runID: runID, locations: locations)
      if let change = facts.change {
        try ChangeWriter.write(change, connection, runID: runID, locations: locations)
      }
      try PairCoverageWriter.write(facts, connection, runID: runID)
      return RunID(value: runID, sequence: sequence)
    }
  }
}

/// Row ids that later tables refer to.
struct ConfigurationIDs {
  var workloads: [WorkloadID: Int64] = [:]
  var resources: [ResourceReference: Int64] = [:]
}

/// Writes inputs and diagnostics.
enum InputWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let inputs = try RowWriter(
      connection, table: "inputs",
      columns: [
        "run_id", "path", "kind", "status", "reason", "sha256", "blake3", "byte_count",
        "record_count", "rejected_count", "first_time", "last_time", "continuity", "earlier_path",
        "earlier_byte_count", "earlier_counted_at",
      ])
    for input in facts.inputs {
      try inputs.insert([
        runID, input.path, input.kind, input.status.rawValue, input.reason, input.sha256,
        input.blake3, input.byteCount, input.recordCount, input.rejectedCount,
        input.firstTime?.text, input.lastTime?.text, input.earlier?.relation.rawValue,
        input.earlier?.path, input.earlier?.byteCount, input.earlier?.countedAt.text,
      ])
    }
    let diagnostics = try RowWriter(
      connection, table: "diagnostics",
      columns: ["run_id", "code", "severity", "message", "hint", "location_id"])
    for diagnostic in facts.diagnostics {
      try diagnostics.insert([
        runID, diagnostic.code, diagnostic.severity.rawValue, diagnostic.message, diagnostic.hint,
        try locations.id(diagnostic.location),
      ])
    }
  }
}
