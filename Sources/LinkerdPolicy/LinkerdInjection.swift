import MeshModel

/// Whether pods of a workload carry Linkerd's proxy, and why.
package struct LinkerdMembership: Sendable, Equatable {
  package var isMeshed: Bool
  /// One clause, for example `namespace agents has linkerd.io/inject: enabled`.
  package var reason: String
  /// The namespace's annotation decides, and no manifest describes the namespace: not meshed stands for
  /// not known.
  package var lacksNamespace = false
}

/// Decides injection as the proxy injector does (linkerd2 pkg/inject/inject.go and report.go,
/// edge-26.8.3).
enum LinkerdInjection {
  static let annotation = "linkerd.io/inject"

  static func membership(of workload: Workload, namespace: Namespace?) -> LinkerdMembership {
    let template = workload.template
    if hasProxy(template) {
      return .init(isMeshed: true, reason: "the pod already has a linkerd-proxy container")
    }
    let name = workload.id.namespace
    if template.usesHostNetwork {
      return .init(isMeshed: false, reason: "pods of the host network are not injected")
    }
    if (template.containers + template.initContainers).contains(where: {
      $0.name == "istio-proxy" || $0.name == "istio-init"
    }) {
      return .init(isMeshed: false, reason: "the pod already has an Istio sidecar")
    }
    if name == "kube-system" || name == "cert-manager" {
      return .init(isMeshed: false, reason: "the injector's webhook leaves out namespace \(name)")
    }
    if namespace?.labels["config.linkerd.io/admission-webhooks"] == "disabled" {
      return .init(
        isMeshed: false,
        reason: "namespace \(name) has label config.linkerd.io/admission-webhooks: disabled")
    }
    var membership = byAnnotation(
      pod: template.annotations[annotation], namespace: namespace?.metadata.annotations[annotation],
      name: name)
    membership.lacksNamespace = namespace == nil && template.annotations[annotation] == nil
    return membership
  }

  /// The containers that the injector takes for an existing proxy; a native sidecar is among the
  /// init containers.
  static func hasProxy(_ template: PodTemplate) -> Bool {
    (template.containers + template.initContainers).contains { $0.name == "linkerd-proxy" }
  }

  private static func byAnnotation(pod: String?, namespace: String?, name: String)
    -> LinkerdMembership
  {
    if let namespace, !isOn(namespace), namespace != "disabled" {
      return .init(
        isMeshed: false,
        reason: "namespace \(name) has \(annotation): \(namespace), which is no known value")
    }
    switch pod {
    case nil:
      return (namespace.map(isOn) ?? false)
        ? .init(isMeshed: true, reason: "namespace \(name) has \(annotation): \(namespace ?? "")")
        : .init(isMeshed: false, reason: "neither pod nor namespace ask for injection")
    case let value? where isOn(value):
      return .init(isMeshed: true, reason: "the pod template has \(annotation): \(value)")
    case "disabled"?:
      return .init(isMeshed: false, reason: "the pod template has \(annotation): disabled")
    case let value?:
      return .init(
        isMeshed: false,
        reason: "the pod template has \(annotation): \(value), which is no known value")
    }
  }

  private static func isOn(_ value: String) -> Bool { value == "enabled" || value == "ingress" }
}
