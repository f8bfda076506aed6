import MeshModel

/// Lints of workloads, namespaces and egress.
struct LinkerdWorkloadLints {
  let mesh: LinkerdMesh

  func all() -> [LinkerdLint] {
    mesh.pods.values.flatMap { pod in
      pod.membership.isMeshed ? openPorts(of: pod) + skippedPorts(of: pod) : []
    } + mesh.inventoryWorkloads.compactMap(missingProxy) + localEgressNetworks()
  }

  /// L24: a port that the default opens to everybody.
  private func openPorts(of pod: LinkerdPod) -> [LinkerdLint] {
    pod.declaredPorts.compactMap { port in
      guard mesh.serversByPort[pod.id]?[port.number] == nil, !pod.skipsInbound(port.number),
        pod.defaultPolicy == .allUnauthenticated, !pod.identityPorts.contains(port.number)
      else { return nil }
      return LinkerdLint(
        "L24", pod.reference,
        "port \(port.number) of \(pod.id) has no Server, and \(pod.defaultPolicySource) is "
          + "all-unauthenticated", detail: "port \(port.number)", at: port.location)
    }
  }

  /// L25: ports that the annotations take out of the mesh.
  private func skippedPorts(of pod: LinkerdPod) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    if pod.annotations["config.linkerd.io/skip-inbound-ports"] != nil {
      let ports = pod.declaredPorts.map(\.number).filter(pod.skippedInboundPorts.contains)
      if !ports.isEmpty {
        lints.append(
          LinkerdLint(
            "L25", pod.reference,
            "\(pod.id) takes \(LinkerdLint.ports(ports)) past the proxy (skip-inbound-ports): no mTLS "
              + "and no policy", detail: "inbound", at: pod.location))
      }
    }
    if let text = pod.annotations["config.linkerd.io/skip-outbound-ports"],
      !pod.skippedOutboundPorts.isEmpty
    {
      lints.append(
        LinkerdLint(
          "L25", pod.reference,
          "\(pod.id) sends to ports \(text) past the proxy (skip-outbound-ports): no mTLS, no identity "
            + "and no egress policy", detail: "outbound", at: pod.location))
    }
    return lints
  }

  /// L26: a workload without proxy where one is expected: its namespace asks for injection, or the
  /// annotation stands on the owner and not on the pod template.
  private func missingProxy(of workload: Workload) -> LinkerdLint? {
    guard let pod = mesh.pods[workload.id], !pod.membership.isMeshed else { return nil }
    let key = LinkerdInjection.annotation
    let namespace = mesh.namespaces[workload.id.namespace]?.metadata.annotations[key]
    if workload.kind != "Pod", workload.template.annotations[key] == nil,
      let value = workload.annotations[key], value == "enabled" || value == "ingress"
    {
      return LinkerdLint(
        "L26", pod.reference,
        "\(workload.id) has \(key): \(value) on the \(workload.kind) and not on its pod template, "
          + "where it has no effect", at: workload.location)
    }
    guard let namespace, namespace != "disabled" else { return nil }
    return LinkerdLint(
      "L26", pod.reference,
      "\(workload.id) has no proxy although its namespace has \(key): \(namespace): "
        + pod.membership.reason, at: workload.location)
  }

  /// L38: an EgressNetwork of its own takes a namespace out of the global ones.
  private func localEgressNetworks() -> [LinkerdLint] {
    let accepted = mesh.resources.egressNetworks.filter(mesh.isAccepted)
    let denying = accepted.first {
      $0.namespace == LinkerdMesh.globalEgressNamespace && $0.trafficPolicy.value == "Deny"
    }
    guard let denying else { return [] }
    return accepted.filter { $0.namespace != LinkerdMesh.globalEgressNamespace }.map { network in
      LinkerdLint(
        "L38", network.reference,
        "\(network.reference.text) switches off \(denying.reference.text) (Deny) for namespace "
          + "\(network.namespace)", at: network.location)
    }
  }
}
