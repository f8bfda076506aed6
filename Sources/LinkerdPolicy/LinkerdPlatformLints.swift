import MeshModel

/// Lints of the control plane's settings and of annotations that running pods carry.
struct LinkerdPlatformLints {
  let mesh: LinkerdMesh

  func all() -> [LinkerdLint] {
    mesh.pods.values.flatMap(badPortLists) + webhookPolicy() + clusterNetworks() + openEgress()
      + accessLogs() + staleTrust() + frozenDefaults()
  }

  /// L23: one token that is no number voids the list (policy-controller k8s/index/src/ports.rs).
  private func badPortLists(of pod: LinkerdPod) -> [LinkerdLint] {
    [
      "opaque-ports", "proxy-require-identity-inbound-ports", "skip-inbound-ports",
      "skip-outbound-ports",
    ].compactMap { name in
      guard let text = pod.annotations[LinkerdPod.prefix + name],
        let token = LinkerdPortList(text).badToken
      else { return nil }
      return LinkerdLint(
        "L23", pod.reference,
        "\(LinkerdPod.prefix)\(name) of \(pod.id) has \"\(token)\", which is no port or range: the "
          + "whole list is void", detail: name, at: pod.location)
    }
  }

  /// L27: pods start without proxy when the injector is down.
  private func webhookPolicy() -> [LinkerdLint] {
    guard let configuration = mesh.settings.configuration,
      mesh.settings.webhookFailurePolicy == "Ignore"
    else { return [] }
    return [
      LinkerdLint(
        "L27", configuration.reference,
        "webhookFailurePolicy is Ignore: pods start outside the mesh while the injector is down",
        at: configuration.valuesLocation)
    ]
  }

  /// L28: a ServerAuthorization without networks takes the cluster's, and these are too wide or do
  /// not hold every pod.
  private func clusterNetworks() -> [LinkerdLint] {
    let networks = mesh.settings.clusterNetworks
    let reason: String
    if LinkerdNetworks(cluster: networks).isEverywhere {
      reason = "they hold every address"
    } else {
      let outside = mesh.pods.values.sorted { $0.id < $1.id }.lazy.filter { !$0.isExternal }
        .flatMap { pod in pod.addresses.map { (pod.id, $0) } }
        .first { _, address in !networks.contains { $0.contains(address) } }
      guard let (workload, address) = outside else { return [] }
      reason = "\(address) of \(workload) is outside them"
    }
    return mesh.resources.serverAuthorizations.filter(\.networks.isEmpty).map {
      LinkerdLint(
        "L28", $0.reference,
        "\($0.reference.text) names no networks, so that the cluster's hold: \(reason)",
        at: $0.location)
    }
  }

  /// L31: an EgressNetwork that allows what no route names.
  ///
  /// That a denying one can be gone around is for `egressLints` to say, which knows the layer below.
  private func openEgress() -> [LinkerdLint] {
    mesh.resources.egressNetworks.filter {
      mesh.isAccepted($0) && $0.trafficPolicy.value == "Allow"
    }.map {
      LinkerdLint(
        "L31", $0.reference,
        "\($0.reference.text) has trafficPolicy Allow: what no route names leaves the cluster too",
        detail: "allow", at: $0.trafficPolicy.location)
    }
  }

  /// L32: a proxy that logs no requests.
  private func accessLogs() -> [LinkerdLint] {
    mesh.telemetryFacts().filter { $0.hasServerLog == false }.compactMap { fact in
      guard let pod = mesh.pods[fact.workload] else { return nil }
      return LinkerdLint(
        "L32", pod.reference,
        "the proxies of \(pod.id) log no requests (\(fact.logDecidedBy))", at: pod.location)
    }
  }

  /// L35: pods that were started under another trust bundle than the cluster's (annotation
  /// `linkerd.io/trust-root-sha256`), or than most where no input holds the bundle.
  private func staleTrust() -> [LinkerdLint] {
    let key = "linkerd.io/trust-root-sha256"
    let bundle = mesh.resources.trustBundles.first {
      $0.configMap.namespace == mesh.settings.controlPlaneNamespace
    }
    let present: [String]
    let others: String
    if let bundle {
      present = bundle.digests
      others = "\(bundle.configMap.text) holds \(bundle.digests[0].prefix(12))"
    } else {
      var counts: [String: Int] = [:]
      for pod in mesh.pods.values {
        if let digest = pod.annotations[key] { counts[digest, default: 0] += 1 }
      }
      guard counts.count > 1,
        let common = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key
      else { return [] }
      present = [common]
      others = "most others under \(common.prefix(12))"
    }
    return mesh.pods.values.compactMap { pod in
      guard let digest = pod.annotations[key], !present.contains(digest) else { return nil }
      return LinkerdLint(
        "L35", pod.reference,
        "the pods of \(pod.id) were injected under trust bundle \(digest.prefix(12)), \(others): "
          + "restart them after a rotation", at: pod.location)
    }
  }

  /// L36: the namespace's default policy reaches pods only when they are created.
  private func frozenDefaults() -> [LinkerdLint] {
    let key = "\(LinkerdPod.prefix)default-inbound-policy"
    return mesh.inventoryWorkloads.compactMap { workload in
      guard LinkerdInjection.hasProxy(workload.template), let pod = mesh.pods[workload.id],
        let wanted = mesh.namespaces[workload.id.namespace]?.metadata.annotations[key],
        wanted != pod.annotations[key]
      else { return nil }
      let running = pod.annotations[key].map { "\"\($0)\"" } ?? "none"
      return LinkerdLint(
        "L36", pod.reference,
        "namespace \(workload.id.namespace) has \(key) \"\(wanted)\", the running pods of \(pod.id) "
          + "have \(running): restart them", at: workload.location)
    }
  }
}
