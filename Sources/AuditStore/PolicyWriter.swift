import AuditModel
import GRDB
import MeshModel

/// Row ids of the rules of each policy, by their index.
typealias PolicyRuleIDs = [ResourceReference: [Int: Int64]]

/// Writes policies with their rules, clauses and terms.
enum PolicyWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs,
    locations: LocationWriter
  ) throws -> PolicyRuleIDs {
    var ruleIDs: PolicyRuleIDs = [:]
    let policies = try RowWriter(
      connection, table: "policies",
      columns: [
        "run_id", "layer", "kind", "namespace", "name", "action", "scope", "is_dry_run", "provider",
        "resource_id", "location_id",
      ])
    let attachments = try RowWriter(
      connection, table: "policy_workloads", columns: ["policy_id", "workload_id"])
    let rules = try RuleTables(connection, locations: locations)
    for fact in facts.policies {
      let policy = fact.policy
      let id = try policies.insert([
        runID, fact.layer.rawValue, policy.kind.kind, policy.namespace, policy.name,
        fact.action.rawValue, fact.scope.rawValue, fact.isDryRun, fact.provider,
        ids.resources[policy], try locations.id(fact.location),
      ])
      for workload in fact.attachedTo {
        if let workloadID = ids.workloads[workload] { try attachments.insert([id, workloadID]) }
      }
      for rule in fact.rules {
        ruleIDs[policy, default: [:]][rule.index] = try rules.write(rule, policyID: id)
      }
    }
    return ruleIDs
  }

  private struct RuleTables {
    let rules: RowWriter
    let clauses: RowWriter
    let terms: RowWriter
    let locations: LocationWriter

    init(_ connection: Database, locations: LocationWriter) throws {
      rules = try RowWriter(
        connection, table: "policy_rules",
        columns: [
          "policy_id", "rule_index", "reported_id", "source_count", "operation_count",
          "condition_count", "conditions", "location_id",
        ])
      clauses = try RowWriter(
        connection, table: "policy_clauses",
        columns: [
          "policy_rule_id", "part", "clause_index", "subject", "ports", "methods", "paths", "hosts",
        ])
      terms = try RowWriter(
        connection, table: "policy_terms",
        columns: [
          "policy_rule_id", "part", "clause_index", "kind", "value", "is_negated", "location_id",
        ])
      self.locations = locations
    }

    func write(_ rule: PolicyFact.Rule, policyID: Int64) throws -> Int64 {
      let id = try rules.insert([
        policyID, rule.index, rule.reportedID, rule.sources.count, rule.operations.count,
        rule.conditions.count, JSONText.array(rule.conditions.map(\.keyed)),
        try locations.id(rule.location),
      ])
      for (part, list) in [("source", rule.sources), ("operation", rule.operations)] {
        // A rule without clauses of a part still has one row, so that views can pair the parts. Lists
        // are made here: SQLite's json_group_array is not allowed in views of an untrusted schema.
        for index in 0..<max(list.count, 1) {
          let terms = index < list.count ? list[index].terms : []
          try clauses.insert([
            id, part, index, JSONText.array(part == "source" ? terms.map(\.keyed) : []),
            terms.values("port"), terms.values("method"), terms.values("path"),
            terms.values("host"),
          ])
        }
        for (index, clause) in list.enumerated() {
          for term in clause.terms { try write(term, ruleID: id, part: part, index: index) }
        }
      }
      for (index, term) in rule.conditions.enumerated() {
        try write(term, ruleID: id, part: "condition", index: index)
      }
      return id
    }

    private func write(_ term: PolicyFact.Term, ruleID: Int64, part: String, index: Int) throws {
      try terms.insert([
        ruleID, part, index, term.kind, term.value, term.isNegated, try locations.id(term.location),
      ])
    }
  }
}

extension PolicyFact.Term {
  /// The value with a leading `!` when it must not match.
  fileprivate var text: String { isNegated ? "!" + value : value }

  /// `kind=value`.
  fileprivate var keyed: String { "\(kind)=\(text)" }
}

extension [PolicyFact.Term] {
  /// The values of one kind as a JSON array.
  fileprivate func values(_ kind: String) -> String {
    JSONText.array(filter { $0.kind == kind }.map(\.text))
  }
}
