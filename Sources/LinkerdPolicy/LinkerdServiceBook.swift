import MeshModel

/// A port of a Service that leads to a port of a workload.
struct LinkerdServicePort: Sendable {
  var service: ResourceReference
  var port: Int
  /// Clients that dial it send TCP, whatever they speak.
  var isOpaque: Bool
  var location: SourceLocation
}

/// The Services that lead to the ports of workloads, where clients take one of them for opaque.
struct LinkerdServiceBook {
  private var services: [String: LabelSelectorIndex<Service>] = [:]
  private let opacity: LinkerdServiceOpacity

  init(_ services: [Service], namespaces: [String: Namespace], settings: LinkerdSettings) {
    opacity = LinkerdServiceOpacity(namespaces: namespaces, settings: settings)
    for service in services where !service.selector.isEmpty {
      self.services[service.namespace, default: LabelSelectorIndex()]
        .insert(service, for: LabelSelector(matchLabels: service.selector))
    }
  }

  /// By container port; ports that no Service makes opaque are left out.
  func opaquePorts(of workload: Workload) -> [Int: [LinkerdServicePort]] {
    var result: [Int: [LinkerdServicePort]] = [:]
    let selecting = services[workload.id.namespace]?.elements(matching: workload.podLabels) ?? []
    for service in selecting {
      let annotated = opacity.ports(of: service)
      for port in service.ports where port.transport == .tcp {
        guard let target = port.containerPort(on: workload.template) else { continue }
        result[target, default: []].append(
          LinkerdServicePort(
            service: service.reference, port: port.port,
            isOpaque: annotated.contains(port.port) || LinkerdServiceOpacity.isOpaque(port),
            location: service.location))
      }
    }
    return result.filter { $0.value.contains(where: \.isOpaque) }
  }
}

/// What clients take for opaque at a Service.
struct LinkerdServiceOpacity {
  let namespaces: [String: Namespace]
  let settings: LinkerdSettings

  /// The opaque ports of a Service, by the numbers that clients dial.
  ///
  /// The injector copies the annotation of the namespace to a Service without one, and else those of the
  /// default list that the Service sends to (linkerd2 pkg/inject/inject.go, `CreateOpaquePortsPatch`);
  /// without any annotation the default list holds (controller/api/destination/watcher,
  /// opaque_ports_watcher.go).
  func ports(of service: Service) -> LinkerdPortList {
    let key = "config.linkerd.io/opaque-ports"
    var names: [String: Set<Int>] = [:]
    for port in service.ports {
      if let name = port.name { names[name, default: []].insert(port.port) }
    }
    if let text = service.metadata.annotations[key]
      ?? namespaces[service.namespace]?.metadata.annotations[key]
    {
      return LinkerdPortList(client: text, names: names)
    }
    let all = LinkerdPortList(settings.opaquePorts)
    let copied = service.ports.filter { port in
      let target = port.targetPort.map { Int($0) ?? 0 } ?? 0
      return all.contains(target == 0 && port.targetPort == nil ? port.port : target)
    }
    return copied.isEmpty
      ? all : LinkerdPortList(copied.map { "\($0.port)" }.joined(separator: ","))
  }

  /// `appProtocol` of the Service (policy-controller core/src/outbound.rs, `AppProtocol`).
  static func isOpaque(_ port: ServicePort) -> Bool {
    ["linkerd.io/opaque", "linkerd.io/tcp"].contains(port.appProtocol?.lowercased())
  }
}
