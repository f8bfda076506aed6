import MeshModel

/// What of a caller's identity gets to the filters of a destination's proxy.
enum Transport: Sendable {
  /// No connection comes about: the proxy asks for a certificate, and there is none.
  case refused
  /// The identity, or its absence, as the caller has it.
  case asGiven
  /// The proxy does not ask for a certificate: no caller has an identity there.
  case anonymous
  /// As given or refused at one server of the port, anonymous at another.
  case undetermined(reason: String)
}

extension Endpoint {
  /// How a connection arrives at a port before any rule is asked; nil is a port that is not given.
  func transport(hasIdentity: Bool, at port: Int?) -> Transport {
    switch dataplane.dataplane {
    case .none, .linkerd, .ambient, .waypoint: return .asGiven
    case .sidecar:
      switch mtls.mode(at: port) {
      case .strict: return hasIdentity ? .asGiven : .refused
      case .disabled: return .anonymous
      case .permissive, .none: return .asGiven
      }
    case .gateway:
      switch callerIdentity(at: port) {
      case .required?: return hasIdentity ? .asGiven : .refused
      case .optional?, nil: return .asGiven
      case .absent?: return .anonymous
      case .undetermined?:
        return .undetermined(
          reason: "whether the gateway asks the caller for a certificate is not known for the port")
      }
    }
  }

  /// Nil where no server listens.
  private func callerIdentity(at port: Int?) -> GatewayServers.CallerIdentity? {
    if let port { return gatewayPorts[port]?.callerIdentity }
    let all = Set(gatewayPorts.values.map(\.callerIdentity))
    return all.count > 1 ? .undetermined : all.first
  }
}
