import AuditModel
import MeshModel

/// Runs rules one after the other, each at most once.
struct RuleEvaluator {
  let catalog: RuleCatalog
  let availableNeeds: Set<InputNeed>
  let runner: RuleRunner
  let settings: RuleEvaluation.Settings
  let scope: SystemScope
  let hash: @Sendable ([UInt8]) -> String
  private let raised: Set<String>
  private let provisions: JSONValue
  private var locations: LocationCache
  private var known: [String: [Finding]]

  init(
    catalog: RuleCatalog, availableNeeds: Set<InputNeed>, runner: RuleRunner,
    settings: RuleEvaluation.Settings, scope: SystemScope,
    hash: @escaping @Sendable ([UInt8]) -> String, known: [String: [Finding]] = [:]
  ) {
    self.catalog = catalog
    self.availableNeeds = availableNeeds
    self.runner = runner
    self.settings = settings
    self.scope = scope
    self.hash = hash
    self.known = known
    raised = Set(
      catalog.frameworks.filter { $0.id == RuleEvaluation.raisingFramework }
        .flatMap(\.controls).flatMap(\.mappings).map(\.ruleID))
    provisions = BoundValue.provisions(of: catalog.frameworks)
    locations = LocationCache(runner: runner)
  }

  /// In `Finding.isBefore` order.
  mutating func findings(of rules: [Rule]) throws(RuleEngineError) -> [Finding] {
    var findings: [Finding] = []
    for rule in rules { findings += try self.findings(of: rule) }
    return findings.sorted(by: Finding.isBefore)
  }

  /// What rules of the queue find, by rule id, until it is empty.
  mutating func answers(from queue: RuleQueue) throws(RuleEngineError) -> [String: [Finding]] {
    while let rule = queue.next() { _ = try findings(of: rule) }
    return known
  }

  mutating func findings(of rule: Rule) throws(RuleEngineError) -> [Finding] {
    if let findings = known[rule.id] { return findings }
    var builder = FindingBuilder(
      rule: rule, override: settings.severities[rule.id], scope: scope,
      // Only where the law bears on the rule, and the ai-act pack says its own severity
      // (rule catalogue: mappings of the other packs to the Act hold for high-risk systems).
      isRaised: rule.pack != "ai-act" && raised.contains(rule.id), hash: hash)
    let missing = rule.needs.filter { !availableNeeds.contains($0) }
    if missing.isEmpty {
      let inherited = try inheritedFindings(of: rule)
      do throws(RuleEngineError) {
        try run(rule, inherited, into: &builder)
      } catch {
        builder.addWhole(.error, "the rule could not be run: \(error.message)")
      }
    } else {
      let names = missing.map(\.text).joined(separator: ", ")
      builder.addWhole(.notAssessed, "not assessed, for want of input: \(names)")
    }
    known[rule.id] = builder.findings
    return builder.findings
  }

  /// Nil for a rule that asks its own question.
  private mutating func inheritedFindings(of rule: Rule) throws(RuleEngineError) -> [Finding]? {
    guard let rules = catalog.inherited[rule.id] else { return nil }
    var findings: [Finding] = []
    for inherited in rules { findings += try self.findings(of: inherited) }
    return findings
  }

  private mutating func run(
    _ rule: Rule, _ inherited: [Finding]?, into builder: inout FindingBuilder
  ) throws(RuleEngineError) {
    let overrides = settings.parameters[rule.id] ?? [:]
    var values = try RuleEvaluation.parameters(
      of: rule, overrides: overrides, asOf: settings.asOf)
    values[BoundValue.provisions.rawValue] = provisions
    if let inherited {
      values[BoundValue.verdicts.rawValue] = .array(
        SystemVerdict.verdicts(on: scope.systemIDs, from: inherited).map(\.json))
    }
    let result = try runner.rows(rule.sql, parameters: values)
    let rows = try RuleRow.read(result)
    try locations.load(rows.lazy.compactMap(\.locationID))
    for row in rows { builder.add(row, at: locations[row.locationID]) }
    if result.isTruncated {
      builder.addWhole(.error, "the rule gave more than \(rows.count) rows; the rest is not read")
    } else if rows.isEmpty {
      builder.addWhole(.notApplicable, "nothing here is a subject of this rule")
    }
  }
}
