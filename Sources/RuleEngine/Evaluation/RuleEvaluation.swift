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
  /// - A rule that another inherits runs before it, once, whether it is selected or not.
  ///
  /// - Parameter hash: SHA-256 in lower-case hex.
  package static func evaluate(
    _ catalog: RuleCatalog, selection: RuleSelection = .all, availableNeeds: Set<InputNeed>,
    runner: RuleRunner, settings: Settings, hash: @escaping @Sendable ([UInt8]) -> String
  ) throws(RuleEngineError) -> [Finding] {
    var evaluator = RuleEvaluator(
      catalog: catalog, availableNeeds: availableNeeds, runner: runner, settings: settings,
      scope: try SystemScope(runner: runner), hash: hash)
    return try evaluator.findings(of: catalog.rules.filter(selection.contains))
  }

  /// The same, by several connections to one database at once.
  ///
  /// Which connection runs a rule changes no finding: a rule sees nothing of another but what it inherits,
  /// and those that inherit run last.
  ///
  /// - Parameters:
  ///   - limit: how many rules run at a time.
  ///   - open: opens one more connection, with the footprints of the first.
  package static func evaluate(
    _ catalog: RuleCatalog, availableNeeds: Set<InputNeed>, settings: Settings,
    limit: Int, hash: @escaping @Sendable ([UInt8]) -> String,
    open: @escaping @Sendable (ViewFootprints?) throws(RuleEngineError) -> RuleRunner
  ) async throws(RuleEngineError) -> [Finding] {
    let runner = try open(nil)
    let scope = try SystemScope(runner: runner)
    let footprints = runner.footprints
    @Sendable func evaluator(on runner: RuleRunner, known: [String: [Finding]]) -> RuleEvaluator {
      RuleEvaluator(
        catalog: catalog, availableNeeds: availableNeeds, runner: runner, settings: settings,
        scope: scope, hash: hash, known: known)
    }
    let queue = RuleQueue(catalog.rules.flatMap { catalog.inherited[$0.id] ?? [$0] })
    let answers = await withTaskGroup(of: Result<[String: [Finding]], RuleEngineError>.self) {
      group in
      for _ in 0..<max(limit, 1) {
        group.addTask {
          Result { () throws(RuleEngineError) in
            var evaluator = evaluator(on: try open(footprints), known: [:])
            return try evaluator.answers(from: queue)
          }
        }
      }
      var answers: [Result<[String: [Finding]], RuleEngineError>] = []
      for await answer in group { answers.append(answer) }
      return answers
    }
    var known: [String: [Finding]] = [:]
    for answer in answers { known.merge(try answer.get()) { first, _ in first } }
    var last = evaluator(on: runner, known: known)
    return try last.findings(of: catalog.rules)
  }

  /// The values that the statement of a rule is bound to.
  static func parameters(
    of rule: Rule, overrides: [String: JSONValue], asOf: UTCTime
  ) throws(RuleEngineError) -> [String: JSONValue] {
    var values = [BoundValue.asOf.rawValue: JSONValue.string(asOf.text)]
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
