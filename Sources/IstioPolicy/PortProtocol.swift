import MeshModel

/// What a proxy takes the bytes of a port for (Istio docs › Protocol Selection;
/// pkg/config/kube/conversion.go `ConvertProtocol`).
enum PortProtocol: String, Hashable, Sendable {
  case http
  case http2
  case grpc
  case tcp
  case tls
  /// Not captured.
  case udp
  /// Detected from the first bytes: both filter chains exist.
  case detected

  var isHTTP: Bool { self == .http || self == .http2 || self == .grpc }

  /// `appProtocol` before the name's prefix; a few ports are TCP unless named otherwise.
  init(_ port: ServicePort) {
    if port.transport == .udp {
      self = .udp
      return
    }
    if let application = port.appProtocol {
      switch application.lowercased() {
      case "kubernetes.io/h2c": self = .http2
      case "kubernetes.io/ws": self = .http
      case "kubernetes.io/wss": self = .tls
      default: self = Self.named(application) ?? .detected
      }
      return
    }
    if let name = port.name, let named = Self.named(name) {
      self = named
      return
    }
    self = [25, 53, 3306, 27017].contains(port.port) ? .tcp : .detected
  }

  private static func named(_ name: String) -> PortProtocol? {
    let prefix = name.prefix { $0 != "-" }.lowercased()
    switch prefix {
    case "http", "http_proxy": return .http
    case "http2": return .http2
    case "grpc": return .grpc
    case "tcp", "mongo", "redis", "mysql": return .tcp
    case "https", "tls": return .tls
    case "udp": return .udp
    default: return nil
    }
  }
}

/// Services by the pods that they select.
struct ServiceIndex: Sendable {
  let services: [Service]
  private var index = AttachmentIndex()

  init(_ services: [Service]) {
    self.services = services.oldestFirst()
    for (number, service) in self.services.enumerated() where !service.selector.isEmpty {
      index.insert(
        number, namespace: service.namespace,
        selector: LabelSelector(matchLabels: service.selector))
    }
  }

  /// Oldest first.
  func selecting(namespace: String, labels: [String: String]) -> [Service] {
    index.entries(in: namespace, labels: labels).map { services[Int($0)] }
  }

  /// Protocols by container port.
  ///
  /// Of two services for one port the oldest counts; a port without service passes through and is
  /// detected.
  static func protocols(of services: [Service], on template: PodTemplate?) -> [Int: PortProtocol] {
    var result: [Int: PortProtocol] = [:]
    for service in services {
      for port in service.ports {
        let number =
          template.map { port.containerPort(on: $0) } ?? port.targetPort.flatMap { Int($0) }
          ?? port.port
        guard let number else { continue }
        let kind = PortProtocol(port)
        if kind != .udp, result[number] == nil { result[number] = kind }
      }
    }
    return result
  }
}
