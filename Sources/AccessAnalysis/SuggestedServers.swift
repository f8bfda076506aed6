import AuditModel
import LinkerdPolicy
import MeshModel

/// Makes Servers of Linkerd with their authorizations out of the calls of one workload.
struct SuggestedServers {
  /// Why nothing can be suggested: a clause.
  struct Refusal: Error {
    var reason: String
  }

  private let model: AccessModel
  private let workload: WorkloadFact
  private let labels: [String: String]
  private let facts: [PolicyFact]
  private(set) var servers: [SuggestedServer] = []
  private(set) var replaced: [ResourceReference] = []
  private(set) var untouched: [String] = []

  /// - Parameter ports: those that the workload declares.
  init(
    _ calls: [SuggestedCall], of workload: WorkloadFact, labels: [String: String],
    ports: [WorkloadPortFact], model: AccessModel, facts: [PolicyFact]
  ) throws(Refusal) {
    self.model = model
    self.workload = workload
    self.labels = labels
    self.facts = facts
    let byPort = Dictionary(grouping: calls, by: \.port)
    for port in byPort.keys.sorted() { try add(port, byPort[port] ?? []) }
    for port in ports.sorted(by: { $0.port < $1.port }) where byPort[port.port] == nil {
      close(port)
    }
  }

  private var namespace: String { workload.workload.id.namespace }

  private mutating func add(_ port: Int, _ calls: [SuggestedCall]) throws(Refusal) {
    let present = try presentServer(at: port)
    if let present { replaced += present.replaced }
    var server = server(at: port, present?.server)
    switch routed(calls, server) {
    case .success(let routes):
      server.routes = routes
      server.probePaths = model.linkerd.probePaths(of: workload.workload.id, port: port).filter {
        isProbeAdmitted($0, port: port)
      }
      server.probeNetworks = model.linkerd.probeNetworks.map(\.description)
    case .failure(let refusal):
      guard present?.hasRoutes != true else {
        throw Refusal(
          reason: "without its routes more would be let in, and others cannot be written: "
            + refusal.reason)
      }
      server.withoutRoutes = refusal.reason
      server.routes = routes(of: [(matches: [], calls: calls)], server)
    }
    servers.append(server)
  }

  /// Closes a port that was not called, where the proxy would have logged a call: Linkerd's access log has
  /// HTTP requests only (Linkerd docs, Access Logging), and whether a detected protocol is HTTP no log
  /// tells.
  private mutating func close(_ port: WorkloadPortFact) {
    guard port.mtlsMode != .disabled else {
      untouched.append("port \(port.port): its proxy never sees it")
      return
    }
    guard let wire = port.protocolName, ["http", "http2", "grpc"].contains(wire) else {
      untouched.append(
        "port \(port.port): Linkerd logs HTTP only, and its protocol is "
          + (port.protocolName ?? "detected"))
      return
    }
    do throws(Refusal) {
      guard let present = try presentServer(at: port.port), !present.isClosed else { return }
      replaced += present.replaced
      servers.append(server(at: port.port, present.server))
    } catch {
      untouched.append("port \(port.port): \(error.reason)")
    }
  }

  // MARK: What is there

  /// The Server of a port, and what goes with it.
  private struct Present {
    var server: LinkerdServer
    var replaced: [ResourceReference]
    var hasRoutes: Bool
    /// It admits nobody today, apart from wider policies.
    var isClosed: Bool
  }

  private func presentServer(at port: Int) throws(Refusal) -> Present? {
    let id = workload.workload.id
    let linkerd = model.linkerd
    let present = linkerd.servers(of: id, port: port)
    if present.count > 1 {
      throw Refusal(reason: "several Servers select its port \(port)")
    }
    guard let server = present.first else { return nil }
    if linkerd.selection(of: server).contains(where: { $0.workload != id || $0.port != port }) {
      throw Refusal(reason: "\(server.reference.text) selects more than its port \(port)")
    }
    let attached = linkerd.routes(of: server)
    if let route = attached.first(where: { !isReplaceable($0) }) {
      throw Refusal(
        reason: "\(route.reference.text) does more than grant access to it, or to other Servers")
    }
    let policies = policies(of: server, routes: attached)
    return Present(
      server: server, replaced: policies + attached.map(\.reference) + [server.reference],
      hasRoutes: !attached.isEmpty,
      isClosed: policies.isEmpty && attached.isEmpty
        && ["deny", nil].contains(server.accessPolicy?.value))
  }

  /// A Server without grants, in the place of the one that is there.
  private func server(at port: Int, _ present: LinkerdServer?) -> SuggestedServer {
    let portName = workload.workload.ports.first { $0.number == port }?.name
    return SuggestedServer(
      name: present?.name ?? "\(workload.workload.id.name)-\(portName ?? String(port))", port: port,
      portName: portName, labels: labels,
      selectsExternalWorkloads: workload.workload.isMachine,
      proxyProtocol: present?.proxyProtocol?.value, routes: [],
      probePaths: [], probeNetworks: [], withoutRoutes: nil)
  }

  /// Whether the kubelet finds a route to a probe's path today.
  private func isProbeAdmitted(_ path: String, port: Int) -> Bool {
    let request = AccessRequest(
      source: .init(ip: model.linkerd.probeNetworks.first?.base),
      destination: .init(
        workload: workload.workload.id, port: port, applicationProtocol: .http),
      http: .init(method: "GET", path: path))
    return model.decision(for: request).decision == .allow
  }

  /// Whether a route is there for this Server and to grant access only.
  private func isReplaceable(_ route: GatewayAPIRoute) -> Bool {
    route.kind == .http && route.parents.count == 1 && route.hostnames.isEmpty
      && route.rules.allSatisfy { rule in
        rule.filters.isEmpty && rule.backends.isEmpty
          && rule.matches.allSatisfy { $0.headers.isEmpty && $0.queryParameters.isEmpty }
      }
  }

  /// Authorizations of this Server and its routes alone; wider ones stay.
  private func policies(of server: LinkerdServer, routes: [GatewayAPIRoute]) -> [ResourceReference]
  {
    let targets = Set(
      ["Server \(server.name)"] + routes.map { "\($0.kind.rawValue) \($0.name)" })
    let byName = model.inventory.linkerd.serverAuthorizations.filter {
      $0.namespace == server.namespace && $0.serverName?.value == server.name
    }.map(\.reference)
    return byName
      + facts.filter { fact in
        fact.layer == .linkerd && fact.policy.namespace == server.namespace
          && fact.policy.kind.kind == "AuthorizationPolicy" && fact.targets.count == 1
          && targets.contains(fact.targets[0])
      }.map(\.policy)
  }

  // MARK: Grants

  /// Routes by operation, or why they cannot be told apart in routes.
  private func routed(_ calls: [SuggestedCall], _ server: SuggestedServer)
    -> Result<[SuggestedServer.Route], Refusal>
  {
    func without(_ reason: String) -> Result<[SuggestedServer.Route], Refusal> {
      .failure(Refusal(reason: reason))
    }
    if let wire = server.proxyProtocol, !["HTTP/1", "HTTP/2"].contains(wire), wire != "unknown" {
      return without("its protocol is \(wire)")
    }
    var byMatch: [SuggestedServer.Match: [SuggestedCall]] = [:]
    var templates: [SuggestedServer.Match: String] = [:]
    for call in calls {
      guard call.key.protocolName != "tcp" else { return without("connections were observed") }
      guard let template = call.key.pathTemplate, template.hasPrefix("/") else {
        return without("the log does not name every path")
      }
      guard call.key.isPathTrusted else {
        return without("the logged path may have been rewritten by the caller")
      }
      guard let match = LinkerdPathTemplate.match(of: template, method: call.key.method) else {
        return without("the path template \"\(template)\" cannot be written as a route")
      }
      byMatch[match, default: []].append(call)
      templates[match] = template
    }
    var byCallers: [[String]: [SuggestedServer.Match]] = [:]
    for (match, calls) in byMatch {
      byCallers[Set(calls.map(caller)).sorted(), default: []].append(match)
    }
    // The most specific route takes a request, whoever it admits: routes of other callers must not meet.
    let groups = byCallers.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (index, group) in groups.enumerated() {
      for other in groups.dropFirst(index + 1) {
        for (left, right) in product(group.value, other.value)
        where mayMeet(left, templates[left] ?? "", right, templates[right] ?? "") {
          return without(
            "\(left.path) and \(right.path) may be one path, and they have other callers")
        }
      }
    }
    return .success(
      routes(
        of: groups.map { group in
          (matches: group.value.sorted(), calls: group.value.flatMap { byMatch[$0] ?? [] })
        }, server))
  }

  private func product<Element>(_ first: [Element], _ second: [Element]) -> [(Element, Element)] {
    first.flatMap { left in second.map { (left, $0) } }
  }

  private func mayMeet(
    _ left: SuggestedServer.Match, _ leftTemplate: String, _ right: SuggestedServer.Match,
    _ rightTemplate: String
  ) -> Bool {
    if let first = left.method, let second = right.method, first != second { return false }
    guard let pattern = IstioPathTemplate.pattern(of: rightTemplate) else { return true }
    return ObservedPath.mayBe(in: leftTemplate, path: pattern)
  }

  private func caller(_ call: SuggestedCall) -> String {
    call.key.identitySource.isVerified ? call.key.source.principal ?? "" : ""
  }

  private func routes(
    of groups: [(matches: [SuggestedServer.Match], calls: [SuggestedCall])],
    _ server: SuggestedServer
  ) -> [SuggestedServer.Route] {
    groups.enumerated().map { index, group in
      let name = group.matches.isEmpty ? server.name : "\(server.name)-\(index + 1)"
      let known = group.calls.filter { !caller($0).isEmpty }
      let anonymous = group.calls.filter { caller($0).isEmpty }
      var grants: [SuggestedServer.Grant] = []
      if !known.isEmpty { grants.append(grant(to: known, name: "\(name)-observed")) }
      if !anonymous.isEmpty { grants.append(grant(to: anonymous, name: "\(name)-unmeshed")) }
      return SuggestedServer.Route(name: name, matches: group.matches, grants: grants)
    }
  }

  private func grant(to calls: [SuggestedCall], name: String) -> SuggestedServer.Grant {
    var serviceAccounts: Set<WorkloadID> = []
    var identities: Set<String> = []
    for principal in Set(calls.map(caller)) where !principal.isEmpty {
      // A reference to a service account holds in every trust domain (Linkerd docs, Authorization Policy,
      // MeshTLSAuthentication).
      if let identity = LinkerdIdentity(principal),
        !model.workloads(withPrincipal: principal).isEmpty
      {
        serviceAccounts.insert(
          WorkloadID(namespace: identity.namespace, name: identity.serviceAccount))
      } else {
        identities.insert(principal)
      }
    }
    let isAnonymous = serviceAccounts.isEmpty && identities.isEmpty
    let first = calls.map(\.sum.firstSeen).min() ?? UTCTime(seconds: 0)
    let last = calls.map(\.sum.lastSeen).max() ?? UTCTime(seconds: 0)
    return SuggestedServer.Grant(
      name: name, serviceAccounts: serviceAccounts.sorted(), identities: identities.sorted(),
      networks: isAnonymous ? model.linkerd.clusterNetworks.map(\.description) : [],
      requestCount: calls.map(\.sum.count).reduce(0, +), firstSeen: first, lastSeen: last)
  }
}
