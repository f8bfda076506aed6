package import MeshModel

/// A configuration of Linkerd that does not do what it seems to say, as a fact for rules.
package struct LinkerdLint: Hashable, Sendable {
  /// `L01` to `L38`, or `admission`; permanent.
  package var id: String
  /// The policy, or the workload (by the kind of its owner).
  package var subject: ResourceReference
  /// Lower-case start, no full stop.
  package var message: String
  /// Tells lints of one id and subject apart: `port 8080`; empty where there can be only one.
  package var detail: String
  package var location: SourceLocation

  init(
    _ id: String, _ subject: ResourceReference, _ message: String, detail: String = "",
    at location: SourceLocation
  ) {
    self.id = id
    self.subject = subject
    self.message = message
    self.detail = detail
    self.location = location
  }
}

extension LinkerdMesh {
  /// Everything that can be told from Linkerd's own resources, sorted by id, subject and place.
  package func lints() -> [LinkerdLint] {
    let attachment = LinkerdAttachment(self)
    var lints = LinkerdAuthorizationLints(mesh: self, attachment: attachment).all()
    lints += LinkerdServerLints(mesh: self, attachment: attachment).all()
    lints += LinkerdAttachmentLints(mesh: self, attachment: attachment).all()
    lints += LinkerdIdentityLints(mesh: self).all()
    lints += LinkerdWorkloadLints(mesh: self).all()
    lints += LinkerdPlatformLints(mesh: self).all()
    lints += LinkerdAdmission(resources: resources, routes: allRoutes).all()
    lints.sort {
      ($0.id, $0.subject, $0.location, $0.message) < ($1.id, $1.subject, $1.location, $1.message)
    }
    return lints
  }

  /// L34: NetworkPolicies that know nothing of the proxy's port.
  ///
  /// Between meshed pods packets go to port 4143 (`wire`): a policy that allows the application's
  /// port only refuses them, and one that allows 4143 lets every application port through (linkerd2
  /// #15246).
  ///
  /// - Parameter acceptsIngress: whether network policies let anybody reach a port of a workload; nil
  ///   where nothing isolates it.
  package func networkPolicyLints(acceptsIngress: (WorkloadID, Int) -> Bool?) -> [LinkerdLint] {
    guard settings.usesTransportHeader else { return [] }
    var lints: [LinkerdLint] = []
    for pod in pods.values.sorted(by: { $0.id < $1.id }) where pod.membership.isMeshed {
      let proxyPort = inboundProxyPort(of: pod)
      guard !pod.isExternal, let acceptsProxy = acceptsIngress(pod.id, proxyPort) else { continue }
      var blocked: [Int] = []
      var moot: [Int] = []
      for port in pod.declaredPorts.map(\.number) where !pod.skipsInbound(port) {
        switch (acceptsIngress(pod.id, port) ?? true, acceptsProxy) {
        case (true, false): blocked.append(port)
        case (false, true): moot.append(port)
        default: break
        }
      }
      if !blocked.isEmpty {
        lints.append(
          LinkerdLint(
            "L34", pod.reference,
            "network policies allow \(LinkerdLint.ports(blocked)) of \(pod.id) but not \(proxyPort), "
              + "which meshed clients really connect to", detail: "blocked", at: pod.location))
      }
      if !moot.isEmpty {
        lints.append(
          LinkerdLint(
            "L34", pod.reference,
            "network policies allow \(proxyPort) of \(pod.id), so that meshed clients reach "
              + "\(LinkerdLint.ports(moot)) too, which no rule allows", detail: "moot",
            at: pod.location))
      }
    }
    return lints
  }
}

extension LinkerdMesh {
  /// L31: an EgressNetwork that denies, and workloads that can go around it.
  ///
  /// It is enforced in the proxy of the source, which a process can leave out (Linkerd docs, Egress
  /// networks: "not a security boundary"); only a NetworkPolicy holds the pod itself.
  ///
  /// - Parameter isIsolated: whether network policies isolate a workload for egress.
  package func egressLints(isIsolated: (WorkloadID) -> Bool) -> [LinkerdLint] {
    let accepted = resources.egressNetworks.filter(isAccepted)
    let owners = Set(accepted.map(\.namespace))
    return accepted.compactMap { network in
      guard network.trafficPolicy.value == "Deny" else { return nil }
      let isGlobal = network.namespace == LinkerdMesh.globalEgressNamespace
      let open = pods.values.filter { pod in
        pod.membership.isMeshed && !pod.isExternal && !isIsolated(pod.id)
          && (isGlobal ? !owners.contains(pod.id.namespace) : pod.id.namespace == network.namespace)
      }.map(\.id).sorted()
      guard !open.isEmpty else { return nil }
      let names = open.prefix(5).map(\.description).joined(separator: ", ")
      return LinkerdLint(
        "L31", network.reference,
        "\(network.reference.text) denies in the proxy only: no NetworkPolicy holds the egress of "
          + "\(open.count) workload\(open.count == 1 ? "" : "s"): \(names)", detail: "bypass",
        at: network.location)
    }
  }
}

extension LinkerdLint {
  /// `port 80`, `ports 80 and 443`.
  static func ports(_ ports: [Int]) -> String {
    ports.count == 1
      ? "port \(ports[0])" : "ports \(ports.map(String.init).joined(separator: ", "))"
  }
}

extension LinkerdPod {
  /// Its owner as a resource, for facts about the workload.
  var reference: ResourceReference {
    let group: String
    switch kind {
    case "Pod", "ReplicationController": group = ""
    case "Job", "CronJob": group = "batch"
    case "Rollout": group = "argoproj.io"
    case "ExternalWorkload": group = "workload.linkerd.io"
    default: group = "apps"
    }
    return ResourceReference(
      kind: ResourceKind(group: group, kind: kind), namespace: id.namespace, name: id.name)
  }
}
