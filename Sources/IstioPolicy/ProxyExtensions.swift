import MeshModel

/// EnvoyFilters and WasmPlugins: where one is on the path of a request, no decision is proven.
struct ProxyExtensions: Sendable {
  private let extensions: [IstioProxyExtension]
  private let attachment: PolicyAttachment

  /// Parts of a proxy's configuration that requests do not pass.
  private static let harmless = ["CLUSTER", "BOOTSTRAP"]

  init(_ istio: IstioResources, rootNamespace: String) {
    extensions =
      istio.envoyFilters.filter { filter in
        filter.touches.contains { touch in
          !Self.harmless.contains { touch.value == $0 || touch.value.hasPrefix("\($0) ") }
        }
      } + istio.wasmPlugins
    attachment = PolicyAttachment(
      extensions.map { ($0.namespace, $0.attachment) }, rootNamespace: rootNamespace,
      appliesSelectorsToGateways: true)
  }

  /// Why decisions at a proxy are not proven, or nil.
  func reason(namespace: String, labels: [String: String], dataplane: Dataplane) -> String? {
    if extensions.isEmpty { return nil }
    let found: [Int32]
    switch dataplane {
    case .sidecar: found = attachment.sidecar(namespace: namespace, labels: labels)
    case .gateway, .waypoint:
      if let name = labels[DataplaneRecognition.gatewayNameLabel] {
        found =
          dataplane == .gateway
          ? attachment.gateway(namespace: namespace, labels: labels, name: name)
          : attachment.waypoint(namespace: namespace, name: name)
      } else {
        found = attachment.sidecar(namespace: namespace, labels: labels)
      }
    case .ambient, .linkerd, .none: return nil
    }
    let names = found.map { extensions[Int($0)] }.filter {
      $0.contexts.isEmpty
        || $0.contexts.contains {
          $0 == "ANY" || $0 == (dataplane == .sidecar ? "SIDECAR_INBOUND" : "GATEWAY")
            || (dataplane == .waypoint && $0 == "WAYPOINT")
        }
    }.map(\.reference.text)
    if names.isEmpty { return nil }
    return "\(names.joined(separator: ", ")) on the path can change the decision"
  }
}
