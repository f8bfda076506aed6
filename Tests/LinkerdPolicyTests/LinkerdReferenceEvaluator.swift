import MeshModel

@testable import LinkerdPolicy

/// A small cluster as plain values, and its answers computed the long way round: every rule of the
/// specification as a loop over everything, nothing prepared.
///
/// Shares no code with `LinkerdMesh`.
struct ReferenceCluster {
  struct Pod {
    var namespace: String
    var name: String
    var labels: [String: String]
    var ports: [(name: String, number: Int)]
    var defaultPolicy: String?
    var opaquePort: Int?
    var identityPort: Int?
    var probePath: String?
    var isMeshed: Bool
  }

  struct Server {
    var namespace: String
    var name: String
    var labels: [String: String]
    var selector: [String: String]
    var portNumber: Int?
    var portName: String?
    var proxyProtocol: String?
    var accessPolicy: String?
    var time: Int
  }

  struct Route {
    var namespace: String
    var name: String
    var server: String
    var isGRPC: Bool
    var hasBadFilter: Bool
    var matches: [(path: String?, isExact: Bool, method: String?)]
    var time: Int
  }

  struct Policy {
    var namespace: String
    var name: String
    /// `Server`, `Namespace`, `HTTPRoute` or `GRPCRoute`.
    var targetKind: String
    var targetName: String
    var accounts: [(namespace: String, name: String)]
    var identities: [String]
    var networks: [String]
  }

  var pods: [Pod]
  var servers: [Server]
  var routes: [Route]
  var policies: [Policy]

  struct Client {
    var identity: String?
    var ip: String
  }

  struct Request {
    var method: String
    var path: String
  }

  /// `allow`, or `deny` with a reason.
  func answer(_ pod: Pod, _ port: Int, _ client: Client, _ request: Request?) -> String {
    if !pod.isMeshed { return "allow" }
    var chosen: Server?
    for server in servers where server.namespace == pod.namespace {
      guard server.selector.allSatisfy({ pod.labels[$0.key] == $0.value }) else { continue }
      let isHere =
        server.portNumber == port
        || pod.ports.contains { $0.name == server.portName && $0.number == port }
      guard isHere else { continue }
      guard let known = chosen else {
        chosen = server
        continue
      }
      if server.time < known.time || (server.time == known.time && server.name < known.name) {
        chosen = server
      }
    }
    let wire: String
    var granted: Bool
    if let server = chosen {
      wire = server.proxyProtocol ?? "unknown"
      granted = permits(defaultPolicy: server.accessPolicy ?? "deny", client)
      for policy in policies where policy.namespace == server.namespace {
        let isHere =
          (policy.targetKind == "Server" && policy.targetName == server.name)
          || policy.targetKind == "Namespace"
        if isHere, permits(policy, client) { granted = true }
      }
    } else {
      wire = pod.opaquePort == port ? "opaque" : "unknown"
      var name = pod.defaultPolicy ?? "all-unauthenticated"
      if name == "bogus" { name = "all-unauthenticated" }
      if pod.identityPort == port {
        if name == "all-unauthenticated" { name = "all-authenticated" }
        if name == "cluster-unauthenticated" { name = "cluster-authenticated" }
      }
      granted = permits(defaultPolicy: name, client)
    }
    if client.ip == "127.0.0.1" { granted = true }
    guard wire == "unknown" || wire == "HTTP/1" || wire == "gRPC" else {
      return granted ? "allow" : "deny no-grant"
    }
    guard let request else {
      return wire == "unknown" && granted ? "allow" : "deny no-grant"
    }
    return routed(chosen, wire, granted, pod, port, client, request)
  }

  private func routed(
    _ server: Server?, _ wire: String, _ granted: Bool, _ pod: Pod, _ port: Int,
    _ client: Client, _ request: Request
  ) -> String {
    var attached: [Route] = []
    if let server {
      let all = routes.filter { $0.namespace == server.namespace && $0.server == server.name }
      let hasGRPC = all.contains(where: \.isGRPC)
      attached = all.filter { route in
        !route.hasBadFilter && route.isGRPC == (wire == "gRPC") && (route.isGRPC || !hasGRPC)
      }
    }
    guard !attached.isEmpty else {
      if wire == "gRPC" {
        return request.method == "POST" && request.path.split(separator: "/").count == 2
          ? (granted ? "allow" : "deny no-grant") : "deny no-route"
      }
      if let probe = pod.probePath, pod.ports.first?.number == port, request.method == "GET",
        request.path == probe
      {
        return "allow"
      }
      return granted ? "allow" : "deny no-grant"
    }
    var best: (rank: [Int], route: Route)?
    for route in attached {
      for match in route.matches {
        guard let rank = rank(match, route.isGRPC, request) else { continue }
        let isBetter: Bool
        if let known = best {
          isBetter =
            known.rank.lexicographicallyPrecedes(rank)
            || (known.rank == rank
              && (route.time, route.name) < (known.route.time, known.route.name))
        } else {
          isBetter = true
        }
        if isBetter { best = (rank, route) }
      }
    }
    guard let best else { return "deny no-route" }
    let kind = best.route.isGRPC ? "GRPCRoute" : "HTTPRoute"
    let isPermitted =
      granted
      || policies.contains {
        $0.namespace == best.route.namespace && $0.targetKind == kind
          && $0.targetName == best.route.name && permits($0, client)
      }
    return isPermitted ? "allow" : "deny no-grant"
  }

  private func rank(
    _ match: (path: String?, isExact: Bool, method: String?), _ isGRPC: Bool, _ request: Request
  ) -> [Int]? {
    if isGRPC {
      let parts = request.path.split(separator: "/")
      guard request.method == "POST", parts.count == 2 else { return nil }
      if let service = match.path, service != String(parts[0]) { return nil }
      if let method = match.method, method != String(parts[1]) { return nil }
      return [match.path?.count ?? 0, match.method?.count ?? 0]
    }
    let path = match.path ?? "/"
    let length: Int
    if match.isExact {
      guard path == request.path else { return nil }
      length = path.count
    } else if path == "/" {
      length = 1
    } else {
      guard request.path == path || request.path.hasPrefix(path + "/") else { return nil }
      length = path.count
    }
    if let method = match.method, method != request.method { return nil }
    return [length, match.method == nil ? 0 : 1]
  }

  private func permits(defaultPolicy: String, _ client: Client) -> Bool {
    switch defaultPolicy {
    case "all-unauthenticated", "audit": true
    case "all-authenticated": client.identity.map { !$0.hasPrefix("spiffe://") } ?? false
    case "cluster-unauthenticated": isInside(client)
    case "cluster-authenticated":
      isInside(client) && permits(defaultPolicy: "all-authenticated", client)
    default: false
    }
  }

  private func isInside(_ client: Client) -> Bool {
    client.ip.hasPrefix("10.") || client.ip.hasPrefix("192.168.")
  }

  private func permits(_ policy: Policy, _ client: Client) -> Bool {
    if !policy.networks.isEmpty,
      !policy.networks.contains(where: { network in
        switch network {
        case "10.0.0.0/8": client.ip.hasPrefix("10.")
        case "203.0.113.0/24": client.ip.hasPrefix("203.0.113.")
        default: true
        }
      })
    {
      return false
    }
    if policy.accounts.isEmpty, policy.identities.isEmpty { return true }
    guard let identity = client.identity else { return false }
    let names = policy.accounts.map {
      "\($0.name).\($0.namespace).serviceaccount.identity.linkerd.cluster.local"
    }
    if names.contains(identity) { return true }
    return policy.identities.contains { pattern in
      if pattern == "*" { return !identity.hasPrefix("spiffe://") }
      if pattern.hasPrefix("*.") {
        return !identity.hasPrefix("spiffe://") && identity.hasSuffix(String(pattern.dropFirst()))
      }
      return pattern == identity
    }
  }
}
