import MeshModel

/// A suggested Server and what it admits as YAML documents.
struct LinkerdSuggestionYAML {
  private let server: SuggestedServer
  private let namespace: String
  /// The lines of each document.
  private(set) var documents: [[String]] = []

  init(_ server: SuggestedServer, namespace: String) {
    self.server = server
    self.namespace = namespace
    addServer()
    for route in server.routes {
      if !route.matches.isEmpty {
        addRoute(route.name, route.matches.map(LinkerdSuggestionYAML.lines))
      }
      for grant in route.grants {
        addAuthentication(grant)
        addPolicy(
          grant.name,
          target: route.matches.isEmpty ? ("Server", server.name) : ("HTTPRoute", route.name),
          authentication: grant.networks.isEmpty ? "MeshTLSAuthentication" : "NetworkAuthentication"
        )
      }
    }
    if !server.probePaths.isEmpty { addProbes() }
  }

  private func head(_ kind: String, version: String, name: String) -> [String] {
    [
      "apiVersion: policy.linkerd.io/\(version)", "kind: \(kind)", "metadata:",
      "  name: \(SuggestionYAML.quoted(name))",
      "  namespace: \(SuggestionYAML.quoted(namespace))", "spec:",
    ]
  }

  private mutating func addServer() {
    var lines: [String] = []
    if let reason = server.withoutRoutes {
      lines.append("# Callers only, no routes: \(SuggestionYAML.comment(reason)).")
    }
    if server.routes.isEmpty {
      lines.append("# No request to this port was observed: nobody is admitted.")
    }
    lines += head("Server", version: "v1beta3", name: server.name)
    let selector = server.selectsExternalWorkloads ? "externalWorkloadSelector" : "podSelector"
    lines += ["  \(selector):", "    matchLabels:"]
    lines += SuggestionYAML.labelLines(server.labels, indent: "      ")
    lines.append("  port: \(server.portName.map(SuggestionYAML.quoted) ?? String(server.port))")
    if let wire = server.proxyProtocol {
      lines.append("  proxyProtocol: \(SuggestionYAML.quoted(wire))")
    }
    lines.append("  accessPolicy: deny")
    documents.append(lines)
  }

  private mutating func addRoute(_ name: String, _ matches: [[String]]) {
    var lines = head("HTTPRoute", version: "v1beta3", name: name)
    lines += [
      "  parentRefs:", "  - group: policy.linkerd.io", "    kind: Server",
      "    name: \(SuggestionYAML.quoted(server.name))", "  rules:", "  - matches:",
    ]
    lines += matches.joined()
    documents.append(lines)
  }

  private static func lines(of match: SuggestedServer.Match) -> [String] {
    var lines = [
      "    - path:", "        type: \(match.comparison.rawValue)",
      "        value: \(SuggestionYAML.quoted(match.path))",
    ]
    if let method = match.method { lines.append("      method: \(SuggestionYAML.quoted(method))") }
    return lines
  }

  private mutating func addAuthentication(_ grant: SuggestedServer.Grant) {
    var lines = [
      "# \(grant.requestCount) requests, \(grant.firstSeen.dayText) to \(grant.lastSeen.text)"
    ]
    if !grant.networks.isEmpty {
      lines.append("# Callers without an identity: mesh them, then name them in its place.")
      addNetworks(grant.name, grant.networks, under: lines)
      return
    }
    lines += head("MeshTLSAuthentication", version: "v1alpha1", name: grant.name)
    if !grant.serviceAccounts.isEmpty {
      lines.append("  identityRefs:")
      for account in grant.serviceAccounts {
        lines += [
          "  - kind: ServiceAccount", "    name: \(SuggestionYAML.quoted(account.name))",
          "    namespace: \(SuggestionYAML.quoted(account.namespace))",
        ]
      }
    }
    if !grant.identities.isEmpty {
      lines.append("  identities:")
      lines += grant.identities.map { "  - \(SuggestionYAML.quoted($0))" }
    }
    documents.append(lines)
  }

  private mutating func addNetworks(_ name: String, _ networks: [String], under comments: [String])
  {
    var lines = comments + head("NetworkAuthentication", version: "v1alpha1", name: name)
    lines.append("  networks:")
    lines += networks.map { "  - cidr: \(SuggestionYAML.quoted($0))" }
    documents.append(lines)
  }

  private mutating func addPolicy(
    _ name: String, target: (kind: String, name: String), authentication: String
  ) {
    var lines = head("AuthorizationPolicy", version: "v1alpha1", name: name)
    lines += [
      "  targetRef:", "    group: policy.linkerd.io", "    kind: \(target.kind)",
      "    name: \(SuggestionYAML.quoted(target.name))", "  requiredAuthenticationRefs:",
      "  - group: policy.linkerd.io", "    kind: \(authentication)",
      "    name: \(SuggestionYAML.quoted(name))",
    ]
    documents.append(lines)
  }

  /// With a route of its own a Server has no route for the kubelet's probes any more (Linkerd docs,
  /// Configuring Per-Route Authorization Policy).
  private mutating func addProbes() {
    let name = server.probeName
    addRoute(
      name,
      server.probePaths.map {
        LinkerdSuggestionYAML.lines(of: .init(method: "GET", comparison: .exact, path: $0))
      })
    addNetworks(name, server.probeNetworks, under: ["# Probes of the kubelet."])
    addPolicy(name, target: ("HTTPRoute", name), authentication: "NetworkAuthentication")
  }
}
