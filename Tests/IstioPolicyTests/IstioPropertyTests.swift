import IstioPolicy
import MeshModel
import Testing

/// What must hold for every mesh, tried on random ones; a failure names the seed.
@Suite struct IstioPropertyTests {
  private static let seeds = 0..<400

  @Test func fastEvaluatorAgreesWithTheNaiveOne() {
    var compared = 0
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      let inventory = random.inventory()
      let mesh = IstioMesh(inventory: inventory)
      let config = inventory.istio.meshConfig
      let naive = NaiveEvaluator(
        policies: inventory.istio.authorizationPolicies, rootNamespace: config.rootNamespace,
        bundle: [config.trustDomain] + config.trustDomainAliases)
      for _ in 0..<50 {
        let request = random.request()
        let expected = naive.decision(
          request, namespace: "agents", labels: RandomMesh.labels)
        let found = mesh.decision(for: request)
        compared += 1
        #expect(
          found.decision == expected.0 && found.decidedBy == expected.1,
          "seed \(seed): \(request), expected \(expected), found \(found)")
      }
    }
    #expect(compared == 20_000)
  }

  @Test func policyOrderDoesNotMatter() {
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      let mesh = IstioMesh(inventory: inventory)
      inventory.istio.authorizationPolicies.reverse()
      let other = IstioMesh(inventory: inventory)
      for _ in 0..<20 {
        let request = random.request()
        let (a, b) = (mesh.decision(for: request), other.decision(for: request))
        #expect(a.decision == b.decision && a.decidedBy == b.decidedBy, "seed \(seed)")
      }
    }
  }

  @Test func addingADenyNeverOpens() {
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      let mesh = IstioMesh(inventory: inventory)
      var policy = random.policy(99)
      policy.action = .deny
      inventory.istio.authorizationPolicies.append(policy)
      let other = IstioMesh(inventory: inventory)
      for _ in 0..<20 {
        let request = random.request()
        if mesh.decision(for: request).decision == .deny {
          #expect(other.decision(for: request).decision == .deny, "seed \(seed)")
        }
      }
    }
  }

  @Test func addingAnAllowToAWorkloadThatHasOneNeverCloses() {
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      var first = random.policy(98)
      first.action = .allow
      first.metadata.annotations = [:]
      first.attachment = IstioAttachment()
      first.metadata.reference.namespace = "agents"
      inventory.istio.authorizationPolicies.append(first)
      let mesh = IstioMesh(inventory: inventory)
      var policy = random.policy(99)
      policy.action = .allow
      inventory.istio.authorizationPolicies.append(policy)
      let other = IstioMesh(inventory: inventory)
      for _ in 0..<20 {
        let request = random.request()
        if mesh.decision(for: request).decision == .allow {
          #expect(other.decision(for: request).decision == .allow, "seed \(seed)")
        }
      }
    }
  }

  @Test func aDryRunPolicyChangesNothing() {
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      let mesh = IstioMesh(inventory: inventory)
      var policy = random.policy(99)
      policy.metadata.annotations = ["istio.io/dry-run": "true"]
      inventory.istio.authorizationPolicies.append(policy)
      let other = IstioMesh(inventory: inventory)
      for _ in 0..<20 {
        let request = random.request()
        let (a, b) = (mesh.decision(for: request), other.decision(for: request))
        #expect(a.decision == b.decision && a.decidedBy == b.decidedBy, "seed \(seed)")
      }
    }
  }

  @Test func renamingChangesNothingButTheId() {
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      let mesh = IstioMesh(inventory: inventory)
      for index in inventory.istio.authorizationPolicies.indices {
        inventory.istio.authorizationPolicies[index].metadata.reference.name = "z\(9 - index)"
      }
      let other = IstioMesh(inventory: inventory)
      for _ in 0..<20 {
        let request = random.request()
        let (a, b) = (mesh.decision(for: request), other.decision(for: request))
        #expect(a.decision == b.decision, "seed \(seed)")
        #expect((a.decidedBy == nil) == (b.decidedBy == nil), "seed \(seed)")
      }
    }
  }

  @Test func reachAgreesWithSampledDecisions() {
    var outcomes: [Reach.Outcome: Int] = [:]
    for seed in Self.seeds {
      var random = RandomMesh(seed: UInt64(seed))
      var inventory = random.inventory()
      if seed % 3 == 0 {
        inventory.workloads[0].template.containers = []
        inventory.workloads[0].template.annotations = ["ambient.istio.io/redirection": "enabled"]
      }
      let mesh = IstioMesh(inventory: inventory)
      let workload = WorkloadID(namespace: "agents", name: "tools")
      for _ in 0..<4 {
        let principal = random.principal()
        let port = random.pick([8080, 9090])
        let reach = mesh.reach(from: PeerProfile(principal: principal), to: workload, port: port)
        outcomes[reach.outcome, default: 0] += 1
        for _ in 0..<20 {
          let request = random.request(principal: .some(principal), port: port)
          let found = mesh.decision(for: request).decision
          let expected: Decision? = ReachReading.decision(reach, request)
          if let expected {
            #expect(found == expected, "seed \(seed): \(reach), \(request), found \(found)")
          }
        }
      }
    }
    #expect((outcomes[.partial] ?? 0) > 100 && (outcomes[.allow] ?? 0) > 100)
    #expect((outcomes[.deny] ?? 0) > 100)
  }
}

/// Reads a reach back as decisions; nil where a condition is none that it can check.
enum ReachReading {
  static func decision(_ reach: Reach, _ request: AccessRequest) -> Decision? {
    switch reach.outcome {
    case .allow: return .allow
    case .deny: return .deny
    case .delegate, .unknown: return nil
    case .partial: break
    }
    var granted: Bool? = false
    for set in reach.operations where !set.isExcluded {
      guard let one = contains(set, request) else {
        if granted == false { granted = nil }
        continue
      }
      if one { granted = true }
    }
    var excluded: Bool? = false
    for set in reach.operations where set.isExcluded {
      guard let one = contains(set, request) else {
        if excluded == false { excluded = nil }
        continue
      }
      if one { excluded = true }
    }
    if granted == false || excluded == true { return .deny }
    if granted == true, excluded == false { return .allow }
    return nil
  }

  private static func contains(_ set: Reach.OperationSet, _ request: AccessRequest) -> Bool? {
    let http = request.http
    let path = http?.path.map { String($0.prefix { $0 != "?" && $0 != "#" }) }
    var result: Bool? = true
    if !has(set.methods, http?.method) || !has(set.paths, path)
      || !has(set.hosts.map { $0.lowercased() }, http?.host?.lowercased())
    {
      return false
    }
    for condition in set.conditions {
      switch condition {
      case "protocol=http": if http == nil { return false }
      case "protocol=tcp": if http != nil { return false }
      default: result = nil
      }
    }
    return result
  }

  private static func has(_ patterns: [String], _ value: String?) -> Bool {
    if patterns.isEmpty { return true }
    guard let value else { return false }
    return patterns.contains { pattern in
      if pattern.hasPrefix("*") { return value.hasSuffix(pattern.dropFirst()) }
      if pattern.hasSuffix("*") { return value.hasPrefix(pattern.dropLast()) }
      return pattern == value
    }
  }
}
