import MeshModel

/// A workload or external workload as the policy controller sees its pods.
struct LinkerdPod: Sendable {
  var id: WorkloadID
  var kind: String
  var location: SourceLocation
  var labels: [String: String]
  var membership: LinkerdMembership
  /// Its proxy's identity.
  var identity: String
  var isExternal = false
  /// Numbers of the TCP ports of each name, over containers and init containers.
  var namedPorts: [String: Set<Int>] = [:]
  /// Declared TCP ports of the application, in order.
  var declaredPorts: [ContainerPort] = []
  /// Paths of HTTP probes by port.
  var probes: [Int: [String]] = [:]
  var opaquePorts = LinkerdPortList(nil)
  /// Those that clients send TCP to.
  var opaquePortsOfClients = LinkerdPortList(nil)
  /// Services that lead to a port, where clients take one of them for opaque.
  var opaqueServices: [Int: [LinkerdServicePort]] = [:]
  var identityPorts = LinkerdPortList(nil)
  var skippedInboundPorts = LinkerdPortList(nil)
  var skippedOutboundPorts = LinkerdPortList(nil)
  /// Where its proxy listens for meshed traffic; nil for the cluster's default.
  var inboundProxyPort: Int?
  /// What ports without Server fall back to.
  var defaultPolicy: LinkerdDefaultPolicy
  /// Where the default comes from, as messages say it.
  var defaultPolicySource: String
  /// Annotations that count at run time: the pod's, and what injection copies from the namespace.
  var annotations: [String: String] = [:]
  /// Known addresses of its pods.
  var addresses: [IPAddress] = []

  static let prefix = "config.linkerd.io/"

  init(_ workload: Workload, namespace: Namespace?, settings: LinkerdSettings) {
    id = workload.id
    kind = workload.kind
    location = workload.location
    labels = workload.podLabels
    membership = LinkerdInjection.membership(of: workload, namespace: namespace)
    identity = settings.identity(
      serviceAccount: workload.serviceAccount, namespace: workload.id.namespace)
    defaultPolicy = settings.defaultPolicy
    defaultPolicySource = "the cluster's default"
    addresses = workload.instances.flatMap(\.addresses).compactMap { IPAddress($0) }
    declaredPorts = workload.ports
    let template = workload.template
    let isInjected = LinkerdInjection.hasProxy(template)
    annotations = template.annotations
    var inherited: Set<String> = []
    if !isInjected {
      // The injector copies what the pod lacks when the pod is created; later changes of the
      // namespace do not reach it (linkerd2 pkg/inject/inject.go, AppendNamespaceAnnotations).
      for (key, value) in namespace?.metadata.annotations ?? [:]
      where key.hasPrefix(LinkerdPod.prefix) && annotations[key] == nil {
        annotations[key] = value
        inherited.insert(key)
      }
    }
    inboundProxyPort = annotations["config.linkerd.io/proxy-inbound-port"].flatMap { Int($0) }
    readContainers(template, isInjected: isInjected)
    readPorts(template, settings: settings, isInjected: isInjected)
    readDefaultPolicy(isInherited: inherited.contains("config.linkerd.io/default-inbound-policy"))
  }

  init(_ workload: LinkerdExternalWorkload, settings: LinkerdSettings) {
    id = WorkloadID(namespace: workload.namespace, name: workload.name)
    kind = "ExternalWorkload"
    location = workload.location
    labels = workload.metadata.labels
    membership = .init(isMeshed: true, reason: "an ExternalWorkload runs a proxy of its own")
    identity = workload.identity?.value ?? ""
    isExternal = true
    defaultPolicy = settings.defaultPolicy
    defaultPolicySource = "the cluster's default"
    annotations = workload.metadata.annotations
    addresses = workload.addresses.compactMap { IPAddress($0) }
    for port in workload.ports where port.transport == .tcp {
      if let name = port.name { namedPorts[name, default: []].insert(port.number) }
      declaredPorts.append(
        ContainerPort(name: port.name, number: port.number, location: workload.location))
    }
    opaquePorts = LinkerdPortList(annotations["config.linkerd.io/opaque-ports"])
    readPortsOfClients(settings)
    identityPorts = LinkerdPortList(
      annotations["config.linkerd.io/proxy-require-identity-inbound-ports"])
    readDefaultPolicy(isInherited: false)
  }

  private mutating func readContainers(_ template: PodTemplate, isInjected: Bool) {
    for container in template.containers + template.initContainers {
      var own: [String: Int] = [:]
      for port in container.ports where port.transport == .tcp {
        guard let name = port.name else { continue }
        namedPorts[name, default: []].insert(port.number)
        own[name] = own[name] ?? port.number
      }
      for probe in container.probes {
        guard case .http(let target) = probe.action,
          // A named port is looked up in the probe's own container.
          let port = Int(probe.port) ?? own[probe.port]
        else { continue }
        let path = String(target.prefix { $0 != "?" })
        probes[port, default: []].append(path.isEmpty ? "/" : path)
      }
    }
    if membership.isMeshed, !isInjected {
      namedPorts["linkerd-proxy", default: []].insert(4143)
      namedPorts["linkerd-admin", default: []].insert(4191)
    }
  }

  private mutating func readPorts(
    _ template: PodTemplate, settings: LinkerdSettings, isInjected: Bool
  ) {
    if let text = annotations["config.linkerd.io/opaque-ports"] {
      opaquePorts = LinkerdPortList(text)
    } else if !isInjected {
      // Without any annotation the injector writes those of the default list that the pod declares
      // (linkerd2 pkg/inject/inject.go, FilterPodOpaquePorts).
      let all = LinkerdPortList(settings.opaquePorts)
      let declared = (template.initContainers + template.containers).flatMap(\.ports)
        .filter { $0.transport == .tcp && all.contains($0.number) }
      opaquePorts = LinkerdPortList(declared.map { "\($0.number)" }.joined(separator: ","))
    }
    readPortsOfClients(settings)
    identityPorts = LinkerdPortList(
      annotations["config.linkerd.io/proxy-require-identity-inbound-ports"])
    skippedInboundPorts = LinkerdPortList(
      annotations["config.linkerd.io/skip-inbound-ports"] ?? settings.ignoredInboundPorts)
    skippedOutboundPorts = LinkerdPortList(
      annotations["config.linkerd.io/skip-outbound-ports"] ?? settings.ignoredOutboundPorts)
  }

  /// What clients take for opaque: the annotation, which may name ports, and without one the default list
  /// (linkerd2 controller/api/destination/watcher, `GetAnnotatedOpaquePorts`).
  private mutating func readPortsOfClients(_ settings: LinkerdSettings) {
    if let text = annotations["config.linkerd.io/opaque-ports"] {
      opaquePortsOfClients = LinkerdPortList(client: text, names: namedPorts)
    } else {
      opaquePortsOfClients =
        opaquePorts.isEmpty ? LinkerdPortList(settings.opaquePorts) : opaquePorts
    }
  }

  /// An annotation that is no policy is a warning in the controller's log, and the cluster's
  /// default holds (policy-controller k8s/index/src/inbound/workload.rs).
  private mutating func readDefaultPolicy(isInherited: Bool) {
    guard let text = annotations["config.linkerd.io/default-inbound-policy"] else { return }
    let source = isInherited ? "namespace \(id.namespace)" : "the pod template"
    if let policy = LinkerdDefaultPolicy(rawValue: text) {
      defaultPolicy = policy
      defaultPolicySource = source
    } else {
      defaultPolicySource =
        "the cluster's default (\"\(text)\" on \(source) is no policy)"
    }
  }

  /// Whether connections to a port go past the proxy: no mTLS and no policy.
  ///
  /// The admin port 4191 is left out by the redirect as well, but the proxy asks its policies there.
  func skipsInbound(_ port: Int) -> Bool {
    !isExternal && (skippedInboundPorts.contains(port) || port == LinkerdPod.controlPort)
  }

  /// The control port of the proxy itself (linkerd2 proxy-init, `--inbound-ports-to-ignore`).
  static let controlPort = 4190

  func selects(_ port: PortReference) -> Set<Int> {
    switch port {
    case .number(let number): [number]
    case .name(let name): namedPorts[name] ?? []
    }
  }
}
