import AuditModel
import GRDB
import MeshModel

/// Writes what rules grant operation by operation, and which rules are redundant.
enum UsageWriter {
  /// Returns the row ids of `facts.operationUsage.granted`, in its order.
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs,
    ruleIDs: PolicyRuleIDs
  ) throws -> [Int64?] {
    let redundant = try RowWriter(
      connection, table: "redundant_rules",
      columns: ["run_id", "policy_rule_id", "covering_policy_rule_id"])
    for rule in facts.redundantRules {
      guard let id = ruleIDs[rule.policy]?[rule.ruleIndex],
        let covering = ruleIDs[rule.coveringPolicy]?[rule.coveringRuleIndex]
      else { continue }
      try redundant.insert([runID, id, covering])
    }
    let operations = try RowWriter(
      connection, table: "granted_operations",
      columns: ["run_id", "policy_rule_id", "workload_id", "port", "method", "path"])
    return try facts.operationUsage.granted.map { operation in
      guard let rule = ruleIDs[operation.policy]?[operation.ruleIndex],
        let workload = ids.workloads[operation.workload]
      else { return nil }
      return try operations.insert([
        runID, rule, workload, operation.port, operation.method, operation.path,
      ])
    }
  }
}
