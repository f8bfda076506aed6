import MeshModel

/// Lints of Servers and of the routes at them.
struct LinkerdServerLints {
  let mesh: LinkerdMesh
  let attachment: LinkerdAttachment

  func all() -> [LinkerdLint] {
    selections() + overlaps() + accessPolicies() + mesh.allRoutes.flatMap(lints) + shadows()
      + probes() + opaquePorts()
  }

  /// L11: a Server that protects nothing.
  private func selections() -> [LinkerdLint] {
    var podsByNamespace: [String: [LinkerdPod]] = [:]
    for pod in mesh.pods.values { podsByNamespace[pod.id.namespace, default: []].append(pod) }
    return mesh.resources.servers.enumerated().compactMap { index, server in
      let reached = attachment.workloads(at: [index])
      if !reached.isEmpty {
        let isMeshed = reached.contains { mesh.isMeshed($0) }
        return isMeshed
          ? nil
          : LinkerdLint(
            "L11", server.reference,
            "\(server.reference.text) selects only pods without proxy: nothing enforces it",
            at: server.location)
      }
      let selected = (podsByNamespace[server.namespace] ?? []).filter { pod in
        switch server.selector {
        case .pods(let selector)?: !pod.isExternal && selector.matches(pod.labels)
        case .externalWorkloads(let selector)?: pod.isExternal && selector.matches(pod.labels)
        case nil: false
        }
      }
      guard selected.isEmpty else {
        return LinkerdLint(
          "L11", server.reference,
          "\(server.reference.text) is for port \"\(server.port.value)\", which no pod that it selects "
            + "declares by that name", at: server.port.location)
      }
      return LinkerdLint(
        "L11", server.reference, "\(server.reference.text) selects no pod", at: server.location)
    }
  }

  /// L12: two Servers for one port of one pod.
  private func overlaps() -> [LinkerdLint] {
    var losers: [Int: (winner: Int, workload: WorkloadID, port: Int)] = [:]
    for (workload, ports) in mesh.serversByPort {
      for (port, indices) in ports where indices.count > 1 {
        for index in indices.dropFirst() {
          let found = (winner: indices[0], workload: workload, port: port)
          if let known = losers[index], (known.workload, known.port) < (workload, port) { continue }
          losers[index] = found
        }
      }
    }
    return losers.map { index, found in
      let server = mesh.resources.servers[index]
      let winner = mesh.resources.servers[found.winner]
      let isKnown =
        server.metadata.creationTimestamp != nil && winner.metadata.creationTimestamp != nil
      let place = "port \(found.port) of \(found.workload)"
      return LinkerdLint(
        "L12", server.reference,
        isKnown
          ? "\(server.reference.text) is skipped at \(place): \(winner.reference.text) is older"
          : "\(server.reference.text) and \(winner.reference.text) both select \(place): only the "
            + "older one counts, and creation times are missing", at: server.location)
    }
  }

  /// L13: a Server that opens its port by itself.
  private func accessPolicies() -> [LinkerdLint] {
    mesh.resources.servers.compactMap { server in
      let policy = InboundServer.accessPolicy(of: server, settings: mesh.settings)
      guard policy != .deny, let text = server.accessPolicy else { return nil }
      return LinkerdLint(
        "L13", server.reference,
        "\(server.reference.text) has accessPolicy \"\(text.value)\", which admits clients that no "
          + "authorization names", at: text.location)
    }
  }

  /// L16: a kind of route that the Server's protocol does not use.
  ///
  /// L17: content that makes the controller ignore the route.
  private func lints(of route: GatewayAPIRoute) -> [LinkerdLint] {
    if case .defect(let defect, let location)? = mesh.routes.rejections[route.reference] {
      switch defect {
      case .unsupportedFilter, .relativePath, .invalidRegex, .regexMethod, .unknownComparison:
        return [
          LinkerdLint(
            "L17", route.reference,
            "\(route.reference.text) is ignored as a whole: \(defect.text)", at: location)
        ]
      case .foreignNamespace, .portOrSection: return []
      }
    }
    return attachment.servers(of: route).compactMap { index in
      let server = mesh.servers[index]
      let isGRPC = server.wireProtocol == .grpc
      guard let resource = server.server, (route.kind == .grpc) != isGRPC else { return nil }
      return LinkerdLint(
        "L16", route.reference,
        "\(route.reference.text) has no effect: \(resource.reference.text) speaks "
          + "\(resource.proxyProtocol?.value ?? "unknown"), for which Linkerd reads "
          + "\(isGRPC ? "GRPCRoutes" : "HTTPRoutes") only", detail: resource.reference.text,
        at: route.location)
    }
  }

  /// L19: a grant at the Server makes the route's own authorizations narrow nothing.
  private func shadows() -> [LinkerdLint] {
    mesh.resources.authorizationPolicies.compactMap { policy in
      guard LinkerdTarget(policy.target) == .route, mesh.grants.defects[policy.reference] == nil,
        let route = attachment.route(of: policy)
      else { return nil }
      for index in attachment.servers(of: route) {
        let server = mesh.servers[index]
        guard let wider = server.grants.all.first, let resource = server.server else { continue }
        return LinkerdLint(
          "L19", policy.reference,
          "\(policy.reference.text) narrows nothing: \(wider.id) at \(resource.reference.text) holds for "
            + "every route", at: policy.target.location)
      }
      return nil
    }
  }

  /// L20: HTTPRoutes take the kubelet's probe route away.
  private func probes() -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    for pod in mesh.pods.values where pod.membership.isMeshed {
      for (port, paths) in pod.probes where !pod.skipsInbound(port) {
        let server = mesh.inbound(pod, port: port)[0]
        guard let resource = server.server, server.routes.contains(where: { $0.route != nil }),
          server.wireProtocol == .detect || server.wireProtocol == .http1
            || server.wireProtocol == .http2
        else { continue }
        for path in Set(paths).sorted() {
          var trace = LinkerdTrace(isOn: false)
          let outcome = server.outcome(
            for: LinkerdPeer(identity: nil, address: .absent, identities: .init()),
            http: AccessRequest.HTTP(method: "GET", host: "", path: path),
            clusterNetworks: mesh.settings.clusterNetworks, trace: &trace)
          guard outcome.decision == .deny else { continue }
          lints.append(
            LinkerdLint(
              "L20", pod.reference,
              "the kubelet's probe GET \(path) at port \(port) of \(pod.id) is refused: the HTTPRoutes "
                + "of \(resource.reference.text) do not let it through",
              detail: "port \(port) \(path)", at: resource.location))
        }
      }
    }
    return lints
  }

  /// L22: clients take the port for opaque and every connection is refused.
  private func opaquePorts() -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    for (workload, ports) in mesh.serversByPort {
      guard let pod = mesh.pods[workload], pod.membership.isMeshed else { continue }
      for (port, indices) in ports {
        let server = mesh.servers[indices[0]]
        guard let resource = server.server,
          server.wireProtocol == .http1 || server.wireProtocol == .http2
            || server.wireProtocol == .grpc
        else { continue }
        func lint(_ culprit: String, _ clients: String, detail: String) -> LinkerdLint {
          LinkerdLint(
            "L22", resource.reference,
            "\(resource.reference.text) speaks \(server.wireProtocol.rawValue) at port \(port), which "
              + "\(culprit) marks as opaque: connections of \(clients) are refused", detail: detail,
            at: resource.proxyProtocol?.location ?? resource.location)
        }
        if pod.opaquePortsOfClients.contains(port) {
          lints.append(
            lint("\(workload)", "meshed clients", detail: "\(workload) port \(port)"))
        }
        for service in pod.opaqueServices[port] ?? [] where service.isOpaque {
          lints.append(
            lint(
              service.service.text, "meshed clients that dial it",
              detail: "\(service.service.text) port \(service.port)"))
        }
      }
    }
    return lints
  }
}
