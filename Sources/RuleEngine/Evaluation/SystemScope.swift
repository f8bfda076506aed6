import AuditModel
import MeshModel

/// Which AI systems a subject belongs to, and whether one of them is high-risk.
///
/// A subject names a workload (`workload agents/planner`, also with more behind it) or a system
/// (`ai-system ai-017`); evidence may name one under `workload` or `ai_system`.
struct SystemScope {
  private var systemsByWorkload: [String: Set<String>] = [:]
  private var highRisk: Set<String> = []

  init() {}

  /// Reads the register's views once.
  init(runner: RuleRunner) throws(RuleEngineError) {
    let members = try runner.rows(
      """
      select w.namespace || '/' || w.name, m.ai_system_id
      from ai_system_workload m
      join workload w on w.workload_id = m.workload_id
      """)
    for row in members.rows {
      guard let workload = row[0].text, let system = row[1].text else { continue }
      systemsByWorkload[workload, default: []].insert(system)
    }
    let systems = try runner.rows("select ai_system_id from ai_system where risk_class = 'high'")
    highRisk = Set(systems.rows.compactMap { $0[0].text })
  }

  /// Sorted ids.
  func systems(subject: String, evidence: JSONValue) -> [String] {
    var found: Set<String> = []
    let words = subject.split(separator: " ", maxSplits: 2)
    if words.count >= 2, words[0] == "workload" {
      found.formUnion(systemsByWorkload[String(words[1]), default: []])
    }
    if words.count >= 2, words[0] == "ai-system" { found.insert(String(words[1])) }
    if let workload = evidence["workload"]?.stringValue {
      found.formUnion(systemsByWorkload[workload, default: []])
    }
    if let system = evidence["ai_system"]?.stringValue { found.insert(system) }
    return found.sorted()
  }

  func isHighRisk(_ systems: [String]) -> Bool { systems.contains { highRisk.contains($0) } }
}
