import AuditModel
import GRDB
import MeshModel

/// Writes how far lines of both sides of requests were joined in a run.
enum PairCoverageWriter {
  static func write(_ facts: RunFacts, _ connection: Database, runID: Int64) throws {
    let pairs = facts.pairCoverage
    guard pairs != PairCoverage() else { return }
    let writer = try RowWriter(
      connection, table: "pair_counts",
      columns: [
        "run_id", "server_line_count", "client_line_count", "joined_count", "ambiguous_line_count",
        "contradicted_count", "unknown_caller_count", "server_only_count", "client_only_count",
        "not_kept_line_count",
      ])
    try writer.insert([
      runID, pairs.serverLineCount, pairs.clientLineCount, pairs.joinedCount, pairs.ambiguousCount,
      pairs.contradictedCount, pairs.unknownCallerCount, pairs.serverOnlyCount,
      pairs.clientOnlyCount, pairs.notKeptCount,
    ])
  }
}
