package import MeshModel

/// Which part of Istio enforces policy at a pod, and from what that is known.
package struct IstioDataplane: Hashable, Sendable {
  package var dataplane: Dataplane
  /// One sentence, lower-case start, no full stop.
  package var reason: String
  /// Labels of the namespace decide, and no manifest describes it: `none` stands for not known.
  package var lacksNamespace: Bool

  package init(_ dataplane: Dataplane, _ reason: String, lacksNamespace: Bool = false) {
    self.dataplane = dataplane
    self.reason = reason
    self.lacksNamespace = lacksNamespace
  }
}

/// Recognises dataplanes from manifests: what runs, else what admission will make of the template
/// (Istio manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml,
/// pkg/kube/inject `injectRequired`, cni/pkg/util/enablement_selector.go).
struct DataplaneRecognition: Sendable {
  private let namespaceLabels: [String: [String: String]]
  /// Classes of Gateway API gateways by `namespace/name`.
  private let gatewayClasses: [String: String]
  private let classicSelectors: [[String: String]]

  static let gatewayNameLabel = "gateway.networking.k8s.io/gateway-name"
  private static let gatewayClassLabel = "gateway.networking.k8s.io/gateway-class-name"
  private static let ignoredNamespaces: Set<String> = [
    "kube-system", "kube-public", "kube-node-lease", "local-path-storage",
  ]

  init(_ inventory: MeshInventory) {
    var labels: [String: [String: String]] = [:]
    for namespace in inventory.kubernetes.namespaces { labels[namespace.name] = namespace.labels }
    namespaceLabels = labels
    var classes: [String: String] = [:]
    for gateway in inventory.gateway.gateways {
      if let name = gateway.gatewayClassName?.value {
        classes["\(gateway.namespace)/\(gateway.name)"] = name
      }
    }
    gatewayClasses = classes
    classicSelectors = inventory.istio.gateways.map(\.selector).filter { !$0.isEmpty }
  }

  func labels(of namespace: String) -> [String: String] { namespaceLabels[namespace] ?? [:] }

  /// The class of the Gateway whose proxy a pod with these labels is.
  func gatewayClass(namespace: String, labels: [String: String]) -> String? {
    guard let name = labels[Self.gatewayNameLabel] else { return nil }
    return gatewayClasses["\(namespace)/\(name)"] ?? labels[Self.gatewayClassLabel]
  }

  func dataplane(of workload: Workload) -> IstioDataplane {
    let template = workload.template
    let namespace = workload.id.namespace
    if let name = template.labels[Self.gatewayNameLabel] {
      return gatewayProxy(name, namespace, template.labels)
    }
    if workload.kind == "WorkloadEntry" || workload.kind == "WorkloadGroup" {
      return IstioDataplane(.sidecar, "a \(workload.kind) carries its own proxy")
    }
    let proxies = (template.containers + template.initContainers).filter {
      $0.name == "istio-proxy"
    }
    if !proxies.isEmpty, template.containers.allSatisfy({ $0.name == "istio-proxy" }),
      let selector = classicSelectors.first(where: { selector in
        selector.allSatisfy { template.labels[$0.key] == $0.value }
      })
    {
      let text = selector.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
      return IstioDataplane(.gateway, "an Istio Gateway selects its proxy by \(text)")
    }
    if !proxies.isEmpty {
      return IstioDataplane(.sidecar, "the pod has a container istio-proxy")
    }
    if template.annotations["sidecar.istio.io/status"] != nil {
      return IstioDataplane(.sidecar, "annotation sidecar.istio.io/status")
    }
    if template.annotations["ambient.istio.io/redirection"] == "enabled" {
      return IstioDataplane(.ambient, "annotation ambient.istio.io/redirection")
    }
    let injection = injection(namespace, template)
    if injection.isInjected { return IstioDataplane(.sidecar, injection.reason) }
    if let reason = enrolment(namespace, template) { return IstioDataplane(.ambient, reason) }
    return IstioDataplane(
      .none, injection.reason, lacksNamespace: lacksNamespace(namespace, template))
  }

  /// Whether labels of an undescribed namespace could bring a pod, which asks for no proxy itself, into
  /// the mesh.
  private func lacksNamespace(_ namespace: String, _ template: PodTemplate) -> Bool {
    guard namespaceLabels[namespace] == nil, !template.usesHostNetwork,
      !Self.ignoredNamespaces.contains(namespace)
    else { return false }
    let key = "sidecar.istio.io/inject"
    let refusesSidecar = (template.labels[key] ?? template.annotations[key]) == "false"
    return !refusesSidecar || template.labels["istio.io/dataplane-mode"] == nil
  }

  private func gatewayProxy(_ name: String, _ namespace: String, _ labels: [String: String])
    -> IstioDataplane
  {
    guard let gatewayClass = gatewayClass(namespace: namespace, labels: labels) else {
      return IstioDataplane(.gateway, "proxy of Gateway \(namespace)/\(name), class unknown")
    }
    switch gatewayClass {
    case "istio-waypoint":
      return IstioDataplane(.waypoint, "proxy of the waypoint \(namespace)/\(name)")
    case "istio-agentgateway", "istio-agentgateway-waypoint":
      // pilot/pkg/config/kube/agentgateway/agentgateway_controller.go passes no policies.
      return IstioDataplane(
        .none, "Gateway \(namespace)/\(name) is an agentgateway, which gets no Istio policy")
    default:
      return IstioDataplane(
        .gateway, "proxy of Gateway \(namespace)/\(name) of class \(gatewayClass)")
    }
  }

  private func injection(_ namespace: String, _ template: PodTemplate)
    -> (isInjected: Bool, reason: String)
  {
    if template.usesHostNetwork { return (false, "the pod uses the host's network") }
    if Self.ignoredNamespaces.contains(namespace) {
      return (false, "namespace \(namespace) is never injected")
    }
    let labels = namespaceLabels[namespace] ?? [:]
    let choice = template.labels["sidecar.istio.io/inject"]
    var reason: String
    if let injection = labels["istio-injection"] {
      reason = "namespace label istio-injection=\(injection)"
      if injection != "enabled" { return (false, reason) }
    } else if let revision = labels["istio.io/rev"] {
      reason = "namespace label istio.io/rev=\(revision)"
    } else if let revision = template.labels["istio.io/rev"] {
      reason = "pod label istio.io/rev=\(revision)"
    } else if choice == "true" {
      reason = "pod label sidecar.istio.io/inject=true"
    } else {
      return (false, "neither namespace nor pod asks for a sidecar")
    }
    if choice == "false" { return (false, "pod label sidecar.istio.io/inject=false") }
    if choice != "true", template.annotations["sidecar.istio.io/inject"] == "false" {
      return (false, "annotation sidecar.istio.io/inject=false")
    }
    return (true, reason)
  }

  private func enrolment(_ namespace: String, _ template: PodTemplate) -> String? {
    if template.usesHostNetwork { return nil }
    let mode = template.labels["istio.io/dataplane-mode"]
    if mode == "ambient" { return "pod label istio.io/dataplane-mode=ambient" }
    if mode != "none", namespaceLabels[namespace]?["istio.io/dataplane-mode"] == "ambient" {
      return "namespace label istio.io/dataplane-mode=ambient"
    }
    return nil
  }
}
