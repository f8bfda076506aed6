package import AuditModel
package import MeshModel

/// Runs selected rules and turns their rows into findings.
package enum RuleEvaluation {
  /// What a run sets over the rules' own.
  package struct Settings: Sendable {
    package var asOf: UTCTime
    /// By rule id, then by parameter name.
    package var parameters: [String: [String: JSONValue]]
    /// By rule id; stands over the rule's own, over a row's and over raising.
    package var severities: [String: Severity]

    package init(
      asOf: UTCTime, parameters: [String: [String: JSONValue]] = [:],
      severities: [String: Severity] = [:]
    ) {
      self.asOf = asOf
      self.parameters = parameters
      self.severities = severities
    }
  }

  /// The framework whose mapping raises the severity of other packs' rules on high-risk systems.
  static let raisingFramework = "eu-ai-act"

  /// Every selected rule gives at least one finding, in `Finding.isBefore` order.
  ///
  /// - A rule whose needs are not all in `availableNeeds` is `not-assessed`, and is not run.
  /// - A rule that returns no row is `not-applicable`.
  /// - A rule that cannot be run, or returns something else than rows of a rule, is an `error`.
  ///
  /// - Parameter hash: SHA-256 in lower-case hex.
  package static func evaluate(
    _ catalog: RuleCatalog, selection: RuleSelection = .all, availableNeeds: Set<InputNeed>,
    runner: RuleRunner, settings: Settings, hash: @escaping ([UInt8]) -> String
  ) throws(RuleEngineError) -> [Finding] {
    let scope = try SystemScope(runner: runner)
    var locations = LocationCache(runner: runner)
    let raised = Set(
      catalog.frameworks.filter { $0.id == raisingFramework }
        .flatMap(\.controls).flatMap(\.mappings).map(\.ruleID))
    var findings: [Finding] = []
    for rule in catalog.rules where selection.contains(rule) {
      var builder = FindingBuilder(
        rule: rule, override: settings.severities[rule.id], scope: scope,
        // Only where the law bears on the rule, and the ai-act pack says its own severity
        // (rule catalogue: mappings of the other packs to the Act hold for high-risk systems).
        isRaised: rule.pack != "ai-act" && raised.contains(rule.id), hash: hash)
      let missing = rule.needs.filter { !availableNeeds.contains($0) }
      if missing.isEmpty {
        do throws(RuleEngineError) {
          try run(rule, runner, settings, &locations, into: &builder)
        } catch {
          builder.addWhole(.error, "the rule could not be run: \(error.message)")
        }
      } else {
        let names = missing.map(\.text).joined(separator: ", ")
        builder.addWhole(.notAssessed, "not assessed, for want of input: \(names)")
      }
      findings += builder.findings
    }
    return findings.sorted(by: Finding.isBefore)
  }

  private static func run(
    _ rule: Rule, _ runner: RuleRunner, _ settings: Settings, _ locations: inout LocationCache,
    into builder: inout FindingBuilder
  ) throws(RuleEngineError) {
    let overrides = settings.parameters[rule.id] ?? [:]
    let values = try parameters(of: rule, overrides: overrides, asOf: settings.asOf)
    let result = try runner.rows(rule.sql, parameters: values)
    let rows = try RuleRow.read(result)
    for row in rows { builder.add(row, at: try locations[row.locationID]) }
    if result.isTruncated {
      builder.addWhole(.error, "the rule gave more than \(rows.count) rows; the rest is not read")
    } else if rows.isEmpty {
      builder.addWhole(.notApplicable, "nothing here is a subject of this rule")
    }
  }

  /// The values that the statement of a rule is bound to.
  static func parameters(
    of rule: Rule, overrides: [String: JSONValue], asOf: UTCTime
  ) throws(RuleEngineError) -> [String: JSONValue] {
    var values: [String: JSONValue] = ["as_of": .string(asOf.text)]
    for parameter in rule.parameters { values[parameter.name] = parameter.defaultValue }
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let parameter = rule.parameters.first(where: { $0.name == name }) else {
        throw RuleEngineError(.parameter, "there is no parameter \"\(name)\"")
      }
      if let type = ParameterType(of: parameter.defaultValue), !type.accepts(value) {
        throw RuleEngineError(.parameter, "the parameter \"\(name)\" must be \(type.text)")
      }
      values[name] = value
    }
    return values
  }
}

/// Collects the findings of one rule.
private struct FindingBuilder {
  let rule: Rule
  let override: Severity?
  let scope: SystemScope
  let isRaised: Bool
  let hash: ([UInt8]) -> String
  private(set) var findings: [Finding] = []
  private var seen: [String: Int] = [:]

  init(
    rule: Rule, override: Severity?, scope: SystemScope, isRaised: Bool,
    hash: @escaping ([UInt8]) -> String
  ) {
    self.rule = rule
    self.override = override
    self.scope = scope
    self.isRaised = isRaised
    self.hash = hash
  }

  mutating func add(_ row: RuleRow, at location: SourceLocation?) {
    let systems = scope.systems(subject: row.subject, evidence: row.evidence)
    var severity = override ?? row.severity ?? rule.severity
    if override == nil, isRaised, scope.isHighRisk(systems) { severity = severity.raised }
    // Rows that a rule does not tell apart are numbered in its own order, so that none is lost.
    var discriminator = row.discriminator
    let count = seen["\(row.subject)\u{0}\(discriminator)", default: 0] + 1
    seen["\(row.subject)\u{0}\(discriminator)"] = count
    if count > 1 { discriminator += discriminator.isEmpty ? "#\(count)" : " #\(count)" }
    append(
      Finding(
        ruleID: rule.id, subject: row.subject, discriminator: discriminator,
        status: row.status.finding, severity: severity, message: row.message, location: location,
        evidence: row.evidence, fingerprint: "", systemIDs: systems))
  }

  /// A result of the rule as a whole.
  mutating func addWhole(_ status: FindingStatus, _ message: String) {
    append(
      Finding(
        ruleID: rule.id, subject: "(rule)", status: status, severity: override ?? rule.severity,
        message: message, fingerprint: ""))
  }

  private mutating func append(_ finding: Finding) {
    var finding = finding
    finding.fingerprint = Fingerprint.of(
      ruleID: finding.ruleID, subject: finding.subject, discriminator: finding.discriminator,
      hash: hash)
    findings.append(finding)
  }
}

/// Places by id, each read once.
private struct LocationCache {
  let runner: RuleRunner
  private var known: [Int64: SourceLocation?] = [:]

  init(runner: RuleRunner) { self.runner = runner }

  subscript(_ id: Int64?) -> SourceLocation? {
    mutating get throws(RuleEngineError) {
      guard let id else { return nil }
      if let location = known[id] { return location }
      let result = try runner.rows(
        "select path, line, \"column\" from location where location_id = :id",
        parameters: ["id": .int(id)])
      var location: SourceLocation?
      if let row = result.rows.first, let path = row[0].text {
        location = SourceLocation(
          path: path, line: Int(row[1].integer ?? 0), column: Int(row[2].integer ?? 0))
      }
      known[id] = .some(location)
      return location
    }
  }
}
