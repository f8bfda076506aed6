/// An attribute that a condition can name (Istio authz/model/model.go `New`).
enum PolicyAttribute: Hashable, Sendable {
  case principal
  case namespace
  case serviceAccount
  case trustDomain
  case sourceAddress
  case remoteAddress
  case destinationAddress
  case port
  case serverName
  case requestPrincipal
  case audiences
  case presenter
  case claim([String])
  case header(String)
  case filterMetadata
  /// A known prefix with broken brackets: an error of generation, not an unknown attribute.
  case malformed(isHTTP: Bool)

  init?(_ key: String) {
    switch key {
    case "source.principal": self = .principal
    case "source.namespace": self = .namespace
    case "source.serviceAccount": self = .serviceAccount
    case "source.trustDomain": self = .trustDomain
    case "source.ip": self = .sourceAddress
    case "remote.ip": self = .remoteAddress
    case "destination.ip": self = .destinationAddress
    case "destination.port": self = .port
    case "connection.sni": self = .serverName
    case "request.auth.principal": self = .requestPrincipal
    case "request.auth.audiences": self = .audiences
    case "request.auth.presenter": self = .presenter
    default:
      if key.hasPrefix("request.headers") {
        let names = Self.bracketed(key.dropFirst("request.headers".count))
        self = names?.count == 1 ? .header(names?[0].lowercased() ?? "") : .malformed(isHTTP: true)
      } else if key.hasPrefix("request.auth.claims") {
        let names = Self.bracketed(key.dropFirst("request.auth.claims".count))
        self = names.map(PolicyAttribute.claim) ?? .malformed(isHTTP: true)
      } else if key.hasPrefix("experimental.envoy.filters.") {
        self = key.contains("[") ? .filterMetadata : .malformed(isHTTP: false)
      } else {
        return nil
      }
    }
  }

  var isHTTP: Bool {
    switch self {
    case .requestPrincipal, .audiences, .presenter, .claim, .header, .malformed(true): true
    default: false
    }
  }

  func exists(in version: IstioVersion) -> Bool {
    switch self {
    case .serviceAccount: version.hasServiceAccounts
    case .trustDomain: version.hasTrustDomains
    default: true
    }
  }

  /// The names of `[a][b]`; nil when the brackets are broken or there is none.
  private static func bracketed(_ text: Substring) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count > 2 else { return nil }
    let names = text.dropFirst().dropLast().split(separator: "][", omittingEmptySubsequences: false)
    if names.contains(where: { $0.isEmpty || $0.contains("[") || $0.contains("]") }) { return nil }
    return names.map(String.init)
  }
}
