import MeshModel

/// All policies compiled for one kind of proxy.
struct CompiledPolicies: Sendable {
  private(set) var rules: [CompiledRule] = []
  /// By policy: where its rules stand in `rules`.
  private(set) var ranges: [Range<Int32>] = []
  /// By policy: the rules that this proxy never gets.
  private(set) var dropped: [[DroppedRule]] = []
  var origins: [TestOrigin] = []
  private(set) var guards = IdentityGuards()

  mutating func append(_ policy: CompiledPolicy) {
    let start = Int32(rules.count)
    rules += policy.rules
    for rule in policy.rules { guards.append(rule) }
    ranges.append(start..<Int32(rules.count))
    dropped.append(policy.dropped)
  }

  func rules(of policy: Int32) -> Range<Int32> { ranges[Int(policy)] }
}

/// The rules that one proxy evaluates, each list in the order of its ids: Envoy keeps rules in a
/// map sorted by id and reports the first that matches (Envoy
/// extensions/filters/common/rbac/engine_impl.cc).
struct RuleChain: Sendable {
  var custom: [Int32] = []
  var deny: [Int32] = []
  var allow: [Int32] = []
  /// An enforced ALLOW policy attaches, even when all of its rules were dropped.
  var hasAllowPolicy = false
  /// CUSTOM policies name different providers and the release or its flags allow one only.
  var hasTooManyProviders = false

  init() {}

  init(
    attached: [Int32], policies: [IstioAuthorizationPolicy], compiled: CompiledPolicies,
    allowsSeveralProviders: Bool
  ) {
    var providers: Set<String> = []
    for index in attached {
      let policy = policies[Int(index)]
      if policy.isDryRun { continue }
      let rules = compiled.rules(of: index)
      switch policy.action {
      case .allow:
        hasAllowPolicy = true
        allow += rules
      case .deny: deny += rules
      case .custom:
        providers.insert(policy.provider?.value ?? "")
        custom += rules
      case .audit: break
      }
    }
    hasTooManyProviders = providers.count > 1 && !allowsSeveralProviders
    func sort(_ list: inout [Int32]) {
      if list.count > 1 { list.sort { compiled.rules[Int($0)].id < compiled.rules[Int($1)].id } }
    }
    sort(&custom)
    sort(&deny)
    sort(&allow)
  }
}
