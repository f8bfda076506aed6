import MeshModel

/// Lints of what attaches to nothing, and of Servers that let nobody in.
struct LinkerdAttachmentLints {
  let mesh: LinkerdMesh
  let attachment: LinkerdAttachment

  func all() -> [LinkerdLint] {
    namespaceTargets() + closedServers() + rejectedRoutes() + invalidServers() + openProbes()
      + rateLimits()
  }

  /// L10: a policy for a namespace attaches to Servers, not to ports on the default policy.
  private func namespaceTargets() -> [LinkerdLint] {
    mesh.resources.authorizationPolicies.compactMap { policy in
      guard LinkerdTarget(policy.target) == .namespace, attachment.servers(of: policy).isEmpty
      else { return nil }
      return LinkerdLint(
        "L10", policy.reference,
        "\(policy.reference.text) is for every Server of namespace \(policy.namespace), which has "
          + "none: it has no effect", at: policy.target.location)
    }
  }

  /// L14: a Server that nothing grants anything at.
  private func closedServers() -> [LinkerdLint] {
    mesh.servers.compactMap { server in
      guard let resource = server.server, server.grants.isEmpty,
        server.routes.allSatisfy(\.grants.isEmpty)
      else { return nil }
      return LinkerdLint(
        "L14", resource.reference,
        "\(resource.reference.text) has no authorization: every client is refused",
        at: resource.location)
    }
  }

  /// L15: a route that is not accepted at the Server that it names; its authorizations are dead.
  private func rejectedRoutes() -> [LinkerdLint] {
    mesh.allRoutes.compactMap { route in
      guard let rejection = mesh.routes.rejections[route.reference] else { return nil }
      let location: SourceLocation
      switch rejection {
      case .noMatchingParent, .conflicted: location = route.location
      case .defect(.foreignNamespace, let place), .defect(.portOrSection, let place):
        location = place
      // Content that Linkerd does not support is L17.
      case .defect: return nil
      }
      return LinkerdLint(
        "L15", route.reference,
        "\(route.reference.text) is not accepted: \(rejection.text)", at: location)
    }
  }

  /// L18: a GRPCRoute match without method voids the policy of the whole Server.
  private func invalidServers() -> [LinkerdLint] {
    mesh.servers.filter(\.isInvalid).flatMap { server in
      server.routes.filter { $0.rules.contains { $0.matches.contains { $0.grpc == nil } } }
        .compactMap { route in
          guard let resource = route.route else { return nil }
          return LinkerdLint(
            "L18", resource.reference,
            "\(resource.reference.text) has a match without method: the proxy cannot read the policy "
              + "of \(server.id.dropFirst("server:".count)) and refuses every request",
            at: resource.location)
        }
    }
  }

  /// L21: the kubelet's probe of `/` opens the front page to everybody where others need a grant.
  private func openProbes() -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    for pod in mesh.pods.values where pod.membership.isMeshed && !pod.isExternal {
      for (port, paths) in pod.probes where paths.contains("/") && !pod.skipsInbound(port) {
        let server = mesh.inbound(pod, port: port)[0]
        guard let probe = server.routes.first(where: { $0.id == "probe" }),
          probe.grants.all.contains(where: \.networks.isEverywhere),
          !server.grants.all.contains(where: \.admitsPlaintext)
        else { continue }
        lints.append(
          LinkerdLint(
            "L21", pod.reference,
            "the kubelet probes \"/\" at port \(port) of \(pod.id): everybody may GET it without "
              + "identity, from everywhere", detail: "port \(port)", at: pod.location))
      }
    }
    return lints
  }

  /// L30: a rate limit that does not count: its Server is missing or is not HTTP, or an older one
  /// holds (policy-controller k8s/status/src/index.rs; linkerd2-proxy
  /// app/inbound/src/policy/http.rs).
  private func rateLimits() -> [LinkerdLint] {
    var holders: [LinkerdRouteBook.NameKey: LinkerdRateLimitPolicy] = [:]
    return mesh.resources.rateLimitPolicies.oldestFirst().compactMap { policy in
      func lint(_ reason: String) -> LinkerdLint {
        LinkerdLint(
          "L30", policy.reference, "\(policy.reference.text) limits nothing: \(reason)",
          at: policy.target.location)
      }
      guard policy.target.names(group: "policy.linkerd.io", kind: "Server") else {
        return lint("\"\(policy.target.kind)\" is no Server")
      }
      let key = LinkerdRouteBook.NameKey(namespace: policy.namespace, name: policy.target.name)
      guard let index = attachment.server(key) else {
        return lint("there is no Server \"\(policy.target.name)\" in its namespace")
      }
      let server = mesh.servers[index]
      switch server.wireProtocol {
      case .grpc, .opaque, .tls:
        return lint("its Server speaks \(server.wireProtocol.rawValue), and only HTTP is limited")
      case .detect, .http1, .http2: break
      }
      if let older = holders[key] { return lint("\(older.reference.text) holds") }
      holders[key] = policy
      return nil
    }
  }
}
