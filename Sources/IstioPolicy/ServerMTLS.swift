import MeshModel

/// How a workload takes connections, and what said so.
struct ServerMTLS: Sendable {
  struct Setting: Sendable {
    var mode: MTLSMode
    /// `PeerAuthentication agents/default` or `mesh default`.
    var decidedBy: String
    var location: SourceLocation?
  }

  /// For ports that `ports` does not name.
  var standard: Setting
  var ports: [Int: Setting] = [:]

  func mode(at port: Int?) -> MTLSMode {
    guard let port, !ports.isEmpty else { return standard.mode }
    return ports[port]?.mode ?? standard.mode
  }

  func setting(at port: Int?) -> Setting {
    guard let port, !ports.isEmpty else { return standard }
    return ports[port] ?? standard
  }
}

/// What of PeerAuthentication reaches ztunnel: DENY policies for peers without identity (Istio
/// pilot/pkg/serviceregistry/ambient/authorization.go).
struct AmbientMTLS: Sendable {
  struct Converted: Sendable {
    /// `NS/converted_peer_authentication_NAME`.
    var id: String
    var strictPorts: [Int]
    /// All ports but these; nil when only `strictPorts` are strict.
    var exemptPorts: [Int]?
    var policy: String
    var location: SourceLocation
  }

  /// `ROOTNS/istio_converted_static_strict`; nil when it is not referenced.
  var staticID: String?
  var staticPolicy: String
  var staticLocation: SourceLocation?
  var converted: Converted?
  /// What decides where nothing is strict.
  var lenientPolicy: String

  /// The id of the policy that refuses a peer without identity at a port, or nil when none does.
  func refusal(at port: Int?) -> Truth {
    if staticID != nil { return .yes }
    guard let converted else { return .no }
    guard let port else { return .maybe }
    if converted.strictPorts.contains(port) { return .yes }
    if let exempt = converted.exemptPorts { return Truth(!exempt.contains(port)) }
    return .no
  }

  func id(at port: Int?) -> String? { staticID ?? converted?.id }
}

/// PeerAuthentications by what they are for.
struct PeerAuthenticationIndex: Sendable {
  private let policies: [IstioPeerAuthentication]
  private let rootNamespace: String
  /// The policy of a whole namespace, empty selector or none; the root's is the mesh's.
  private var wide: [String: Int] = [:]
  /// The policy of a whole namespace without selector: what ambient's conversion looks for.
  private var selectorless: [String: Int] = [:]
  /// Policies of one level that only their names put in order.
  private(set) var wideTies: [(taken: IstioPeerAuthentication, left: IstioPeerAuthentication)] = []
  private var workloads = AttachmentIndex()

  init(_ policies: [IstioPeerAuthentication], rootNamespace: String) {
    self.policies = policies.oldestFirst()
    self.rootNamespace = rootNamespace
    for (index, policy) in self.policies.enumerated() {
      if policy.selector?.isEmpty ?? true {
        if let first = wide[policy.namespace] {
          if Self.compete(self.policies[first], policy) {
            wideTies.append((self.policies[first], policy))
          }
        } else {
          wide[policy.namespace] = index
        }
        if policy.selector == nil, selectorless[policy.namespace] == nil {
          selectorless[policy.namespace] = index
        }
      } else if policy.namespace != rootNamespace {
        // A selector in the root namespace is ignored (pilot/pkg/security/authn/policy_applier.go
        // `ComposePeerAuthentication`).
        workloads.insert(index, namespace: policy.namespace, selector: policy.selector)
      }
    }
  }

  /// The mode of a sidecar: mesh, then namespace, then workload; the oldest of each level; UNSET
  /// inherits; nothing is PERMISSIVE.
  func sidecar(namespace: String, labels: [String: String]) -> ServerMTLS {
    var current = ServerMTLS.Setting(mode: .permissive, decidedBy: "mesh default")
    var levels = [wide[rootNamespace]]
    if namespace != rootNamespace { levels.append(wide[namespace]) }
    let own = workloads.entries(in: namespace, labels: labels)
    levels.append(own.first.map { Int($0) })
    for level in levels {
      guard let level else { continue }
      if let mode = Self.mode(policies[level].mode) {
        current = setting(mode, policies[level], policies[level].modeLocation)
      }
    }
    var result = ServerMTLS(standard: current)
    if let first = own.first {
      let policy = policies[Int(first)]
      for port in policy.portModes {
        if let mode = Self.mode(port.mode) {
          result.ports[port.port] = setting(mode, policy, port.location)
        }
      }
    }
    return result
  }

  /// What ztunnel gets, quirks included.
  func ambient(namespace: String, labels: [String: String]) -> AmbientMTLS {
    let mesh = wide[rootNamespace].map { policies[$0] }
    let space = namespace == rootNamespace ? nil : wide[namespace].map { policies[$0] }
    let own = workloads.entries(in: namespace, labels: labels)
    let workload = own.first.map { policies[Int($0)] }
    var isStrict = mesh?.mode == .strict
    var source = mesh
    if let space, space.mode != .unset {
      isStrict = space.mode == .strict
      source = space
    }
    var result = AmbientMTLS(staticPolicy: "", lenientPolicy: "mesh default")
    var key = false
    if let workload {
      if workload.mode != .unset {
        isStrict = workload.mode == .strict
        source = workload
      }
      let modes = workload.portModes.map(\.mode)
      switch workload.mode {
      case .strict:
        if modes.contains(where: { $0 == .permissive || $0 == .disable }) {
          key = true
          isStrict = false
        }
      case .permissive, .disable: key = modes.contains(.strict)
      case .unset:
        if isStrict {
          // Only a PERMISSIVE exception counts here; DISABLE ones alone leave everything strict.
          if modes.contains(.permissive) {
            key = true
            isStrict = false
          }
        } else {
          key = modes.contains(.strict)
        }
      }
      if key { result.converted = converted(workload, namespace: namespace) }
    }
    if let source { result.lenientPolicy = source.reference.text }
    if isStrict {
      result.staticID = "\(rootNamespace)/istio_converted_static_strict"
      result.staticPolicy = source?.reference.text ?? "mesh default"
      result.staticLocation = source?.modeLocation ?? source?.location
    }
    return result
  }

  /// `convertPeerAuthentication`; nil where istiod makes no policy although the workload refers to
  /// one.
  private func converted(_ policy: IstioPeerAuthentication, namespace: String)
    -> AmbientMTLS.Converted?
  {
    let mesh = selectorless[rootNamespace].map { policies[$0].mode }
    let space = selectorless[namespace].map { policies[$0].mode }
    let inheritsStrictMesh = (space == nil || space == .unset) && mesh == .strict
    var strictPorts: [Int] = []
    var exempt: [Int] = []
    for port in policy.portModes {
      switch port.mode {
      case .strict:
        // As in the source: `A && B || C`, so that C skips the port whatever the workload's own
        // mode.
        let isParentsBusiness =
          policy.mode == .strict || (policy.mode == .unset && space == .strict)
          || inheritsStrictMesh
        if !isParentsBusiness { strictPorts.append(port.port) }
      case .permissive, .disable:
        if policy.mode == .permissive || policy.mode == .disable { continue }
        if policy.mode == .unset {
          if let space, space != .strict { continue }
          if space == nil, mesh != .strict { continue }
        }
        exempt.append(port.port)
      case .unset: continue
      }
    }
    if policy.mode == .strict, exempt.isEmpty { return nil }
    let restIsStrict = !exempt.isEmpty
    guard restIsStrict || !strictPorts.isEmpty else { return nil }
    return AmbientMTLS.Converted(
      id: "\(policy.namespace)/converted_peer_authentication_\(policy.name)",
      strictPorts: strictPorts, exemptPorts: restIsStrict ? exempt : nil,
      policy: policy.reference.text, location: policy.location)
  }

  /// The two policies for a workload that only their names put in order, nil when there are none.
  func tie(namespace: String, labels: [String: String])
    -> (taken: IstioPeerAuthentication, left: IstioPeerAuthentication)?
  {
    let own = workloads.entries(in: namespace, labels: labels)
    guard own.count > 1 else { return nil }
    let (first, second) = (policies[Int(own[0])], policies[Int(own[1])])
    return Self.compete(first, second) ? (first, second) : nil
  }

  /// Of one age, and not of one opinion.
  private static func compete(_ first: IstioPeerAuthentication, _ second: IstioPeerAuthentication)
    -> Bool
  {
    first.metadata.creationTimestamp == second.metadata.creationTimestamp
      && (first.mode != second.mode
        || first.portModes.map(\.port) != second.portModes.map(\.port)
        || first.portModes.map(\.mode) != second.portModes.map(\.mode))
  }

  private func setting(
    _ mode: MTLSMode, _ policy: IstioPeerAuthentication, _ location: SourceLocation?
  ) -> ServerMTLS.Setting {
    ServerMTLS.Setting(
      mode: mode, decidedBy: policy.reference.text, location: location ?? policy.location)
  }

  private static func mode(_ mode: IstioPeerAuthentication.Mode) -> MTLSMode? {
    switch mode {
    case .unset: nil
    case .disable: .disabled
    case .permissive: .permissive
    case .strict: .strict
    }
  }
}
