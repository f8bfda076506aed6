import MeshModel

/// What becomes of a CUSTOM rule (Istio pilot/pkg/security/authz/builder/extauthz.go).
enum ProviderState: Hashable, Sendable {
  /// Asks the authorizer of HTTP requests; TCP connections pass without being asked.
  case http
  /// Asks for requests and connections.
  case grpc
  /// istiod turns the rule into a DENY.
  case bad(String)
  /// The manifests do not say whether the provider is sound.
  case unknown(String)
}

/// The external authorizers of MeshConfig by name.
struct ExtensionProviders: Sendable {
  private let states: [String: ProviderState]
  private let isConfigKnown: Bool
  /// Authorizers that let requests through while they do not answer.
  let failOpen: Set<String>

  init(_ config: IstioMeshConfig, inventory: MeshInventory) {
    var hosts: Set<String> = []
    for service in inventory.kubernetes.services {
      hosts.insert("\(service.name).\(service.namespace).svc.cluster.local")
      hosts.insert("\(service.name).\(service.namespace).svc")
      hosts.insert("\(service.name).\(service.namespace)")
    }
    for entry in inventory.istio.serviceEntries { hosts.formUnion(entry.hosts.map(\.value)) }
    var states: [String: ProviderState] = [:]
    for provider in config.extensionProviders {
      let isHTTP = provider.kind == .extAuthzHTTP
      guard isHTTP || provider.kind == .extAuthzGRPC else { continue }
      let name = provider.name.value
      if !Self.isDNSLabel(name) {
        states[name] = .bad("the provider's name is no DNS label")
      } else if !(1...65535).contains(provider.port ?? 0) {
        states[name] = .bad("the provider's port is no port")
      } else {
        // `service` may be written as `namespace/host`.
        let service = provider.service?.value ?? ""
        let host = service.split(separator: "/").last.map(String.init) ?? ""
        if host.isEmpty {
          states[name] = .bad("the provider names no service")
        } else if hosts.contains(host) {
          states[name] = isHTTP ? .http : .grpc
        } else {
          states[name] = .unknown("no manifest describes its service \"\(host)\"")
        }
      }
    }
    self.states = states
    failOpen = Set(config.extensionProviders.filter(\.failsOpen).map(\.name.value))
    isConfigKnown = config.source != .defaults
  }

  func state(of name: String) -> ProviderState {
    if let state = states[name] { return state }
    return isConfigKnown
      ? .bad("MeshConfig has no external authorizer of that name")
      : .unknown("no MeshConfig among the inputs")
  }

  /// RFC 1123 label in lower case, at most 63 characters.
  private static func isDNSLabel(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
      bytes.last != UInt8(ascii: "-")
    else { return false }
    return bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}
