import AuditModel
import GRDB
import MeshModel

/// Writes what the policies of a run decide on observed requests.
enum TrafficDecisionWriter {
  /// - Parameter operations: row ids of `facts.operationUsage.granted`, in its order.
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, operations: [Int64?]
  ) throws {
    guard !facts.observedDecisions.isEmpty else { return }
    let find = try connection.cachedStatement(
      sql: """
        select observed_request_id from observed_requests indexed by observed_requests_key
        where \(TrafficRow.keyCondition)
        """)
    let writer = try RowWriter(
      connection, table: "observed_decisions",
      columns: [
        "observed_request_id", "run_id", "decision", "decided_by", "granted_by", "reason", "layer",
      ])
    let uses = try RowWriter(
      connection, table: "used_operations",
      columns: ["run_id", "observed_request_id", "granted_operation_id"])
    func row(of observed: ObservedDecision) throws -> Int64? {
      if let id = observed.requestID { return id }
      let arguments = StatementArguments(TrafficRow.keyValues(observed.key))
      return try Int64.fetchOne(find, arguments: arguments)
    }
    for observed in facts.observedDecisions {
      guard let id = try row(of: observed) else { continue }
      try writer.insert([
        id, runID, observed.decision.rawValue, observed.decidedBy, observed.grantedBy,
        observed.reason, observed.layer.rawValue,
      ])
      for place in facts.operationUsage.uses[observed.key] ?? [] {
        if let operation = operations[place] { try uses.insert([runID, id, operation]) }
      }
    }
  }
}
