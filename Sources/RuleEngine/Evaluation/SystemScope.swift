import AuditModel
import MeshModel

/// Which AI systems a subject belongs to, and whether one of them is high-risk.
///
/// A subject names a workload (`workload agents/planner`, also with more behind it), a system
/// (`ai-system ai-017`), or a resource: a policy stands for the workloads that it attaches to, a
/// ServiceEntry for those that see it. Evidence may name a workload, a service or a system under
/// `workload`, `service` or `ai_system`.
struct SystemScope {
  /// All systems of the register, sorted.
  private(set) var systemIDs: [String] = []
  private var systemsByWorkload: [String: Set<String>] = [:]
  private var systemsByResource: [String: Set<String>] = [:]
  private var systemsByService: [String: Set<String>] = [:]
  private var highRisk: Set<String> = []

  init() {}

  /// Reads the register's views once.
  init(runner: RuleRunner) throws(RuleEngineError) {
    systemsByWorkload = try SystemScope.systems(
      """
      select w.namespace || '/' || w.name, m.ai_system_id
      from ai_system_workload m
      join workload w on w.workload_id = m.workload_id
      """, runner)
    let register = try runner.rows("select ai_system_id, risk_class from ai_system order by 1")
    systemIDs = register.rows.compactMap { $0[0].text }
    highRisk = Set(register.rows.filter { $0[1].text == "high" }.compactMap { $0[0].text })
    guard !systemsByWorkload.isEmpty else { return }
    systemsByResource = try SystemScope.systems(
      """
      select p.kind || ' ' || p.namespace || '/' || p.name, m.ai_system_id
      from ai_system_workload m
      join policy_workload x on x.workload_id = m.workload_id
      join policy p on p.policy_id = x.policy_id
      group by 1, 2
      union all
      select 'ServiceEntry ' || e.namespace || '/' || e.name, m.ai_system_id
      from external_service e
      join json_each(e.export_to) t
      join workload w
        on t.value = '*' or t.value = w.namespace or (t.value = '.' and w.namespace = e.namespace)
      join ai_system_workload m on m.workload_id = w.workload_id
      group by 1, 2
      """, runner)
    systemsByService = try SystemScope.systems(
      """
      select s.namespace || '/' || s.name, m.ai_system_id
      from ai_system_workload m
      join workload w on w.workload_id = m.workload_id
      join service s on s.namespace = w.namespace
      where s.selector <> '{}'
        and not exists (
          select 1
          from json_each(s.selector) l
          where not exists (
            select 1 from json_each(w.labels) o where o.key = l.key and o.value = l.value
          )
        )
      group by 1, 2
      """, runner)
  }

  private static func systems(
    _ sql: String, _ runner: RuleRunner
  ) throws(RuleEngineError) -> [String: Set<String>] {
    var systems: [String: Set<String>] = [:]
    for row in try runner.rows(sql).rows {
      guard let name = row[0].text, let system = row[1].text else { continue }
      systems[name, default: []].insert(system)
    }
    return systems
  }

  /// Sorted ids.
  func systems(subject: String, evidence: JSONValue) -> [String] {
    var found: Set<String> = []
    let words = subject.split(separator: " ", maxSplits: 2)
    if words.count >= 2, words[0] == "workload" {
      found.formUnion(systemsByWorkload[String(words[1]), default: []])
    }
    if words.count >= 2, words[0] == "ai-system" { found.insert(String(words[1])) }
    found.formUnion(systemsByResource[subject, default: []])
    if let workload = evidence["workload"]?.stringValue {
      found.formUnion(systemsByWorkload[workload, default: []])
    }
    if let service = evidence["service"]?.stringValue {
      found.formUnion(systemsByService[service, default: []])
    }
    if let system = evidence["ai_system"]?.stringValue { found.insert(system) }
    return found.sorted()
  }

  func isHighRisk(_ systems: [String]) -> Bool { systems.contains { highRisk.contains($0) } }
}
