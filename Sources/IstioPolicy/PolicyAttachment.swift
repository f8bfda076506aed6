import MeshModel

/// Finds the policies that attach to a proxy (Istio pilot/pkg/model/authorization.go and
/// policyattachment.go `ShouldAttachPolicy`).
struct PolicyAttachment: Sendable {
  private let attachments: [IstioAttachment]
  private let namespaces: [String]
  private let rootNamespace: String
  private let appliesSelectorsToGateways: Bool
  private var selective = AttachmentIndex()
  private var targeted: [String: [Int32]] = [:]

  init(
    _ policies: [(namespace: String, attachment: IstioAttachment)], rootNamespace: String,
    appliesSelectorsToGateways: Bool
  ) {
    attachments = policies.map(\.attachment)
    namespaces = policies.map(\.namespace)
    self.rootNamespace = rootNamespace
    self.appliesSelectorsToGateways = appliesSelectorsToGateways
    for (index, policy) in policies.enumerated() {
      if policy.attachment.targets.isEmpty {
        selective.insert(
          index, namespace: policy.namespace, selector: policy.attachment.selector)
      } else {
        targeted[policy.namespace, default: []].append(Int32(index))
      }
    }
  }

  /// Policies of a sidecar or classic gateway; those with targets are ignored there.
  func sidecar(namespace: String, labels: [String: String]) -> [Int32] {
    selective.entries(root: rootNamespace, namespace: namespace, labels: labels)
  }

  /// Policies that ztunnel gets for a pod.
  ///
  /// An empty selector is a selector, which must select by at least one label: the policy attaches
  /// to nothing (serviceregistry/ambient/workloads.go `FilterSelectsNonEmpty`).
  func ztunnel(namespace: String, labels: [String: String]) -> [Int32] {
    sidecar(namespace: namespace, labels: labels).filter {
      attachments[Int($0)].selector?.isEmpty != true
    }
  }

  /// Policies of a gateway of the Gateway API.
  func gateway(namespace: String, labels: [String: String], name: String) -> [Int32] {
    let bySelector =
      appliesSelectorsToGateways ? sidecar(namespace: namespace, labels: labels) : []
    return (bySelector + targets(namespace) { isGateway($0, name) }).sorted()
  }

  /// Policies of a waypoint, for requests to a service: by target only, a mesh-wide policy without
  /// target does not reach it.
  func waypoint(
    namespace: String, name: String, service: (namespace: String, name: String)? = nil,
    serviceEntry: (namespace: String, name: String)? = nil
  ) -> [Int32] {
    var result = Set(targets(namespace) { isGateway($0, name) })
    result.formUnion(
      targets(rootNamespace) {
        $0.kind == "GatewayClass" && $0.group == "gateway.networking.k8s.io"
          && $0.name == "istio-waypoint"
      })
    if let service {
      result.formUnion(
        targets(service.namespace) {
          $0.kind == "Service" && ($0.group.isEmpty || $0.group == "core")
            && $0.name == service.name
        })
    }
    if let serviceEntry {
      result.formUnion(
        targets(serviceEntry.namespace) {
          $0.kind == "ServiceEntry" && $0.group == "networking.istio.io"
            && $0.name == serviceEntry.name
        })
    }
    return result.sorted()
  }

  private func isGateway(_ target: IstioTargetReference, _ name: String) -> Bool {
    target.kind == "Gateway" && target.group == "gateway.networking.k8s.io" && target.name == name
  }

  private func targets(_ namespace: String, _ matches: (IstioTargetReference) -> Bool) -> [Int32] {
    (targeted[namespace] ?? []).filter { index in
      attachments[Int(index)].targets.contains {
        ($0.namespace == nil || $0.namespace == "" || $0.namespace == namespaces[Int(index)])
          && matches($0)
      }
    }
  }
}
