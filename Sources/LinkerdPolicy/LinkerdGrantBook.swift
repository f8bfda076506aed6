import MeshModel

/// Every authorization of the cluster, prepared and filed under what it attaches to.
struct LinkerdGrantBook: Sendable {
  /// Why an authorization that stands in a manifest has no effect.
  enum Defect: Sendable, Equatable {
    case missingAuthentication(LinkerdReference)
    case severalIdentities
    case severalNetworks
    case noAuthenticationList
    case unknownAuthentication(LinkerdReference)
    case unknownTarget
    case noClients

    /// For messages: a clause after "because".
    var text: String {
      switch self {
      case .missingAuthentication(let reference):
        "\(reference.kind) \"\(reference.name)\" does not exist"
      case .severalIdentities: "it requires more than one identity reference"
      case .severalNetworks: "it requires more than one NetworkAuthentication"
      case .noAuthenticationList: "it has no readable requiredAuthenticationRefs"
      case .unknownAuthentication(let reference):
        "it requires \"\(reference.kind)\", which is no authentication"
      case .unknownTarget: "its target is of a kind that Linkerd does not know"
      case .noClients: "it authorizes no clients"
      }
    }
  }

  struct RouteKey: Hashable {
    var namespace: String
    var group: String
    var kind: String
    var name: String

    /// Group, kind and name of a route compare without regard to ASCII case (policy-controller
    /// core/src/routes.rs, `GroupKindName`).
    init(namespace: String, group: String, kind: String, name: String) {
      self.namespace = namespace
      self.group = group.lowercased()
      self.kind = kind.lowercased()
      self.name = name.lowercased()
    }

    init(_ route: GatewayAPIRoute) {
      self.init(
        namespace: route.namespace, group: route.reference.kind.group,
        kind: route.reference.kind.kind, name: route.name)
    }
  }

  /// AuthorizationPolicies by namespace and Server name.
  private var byServer: [String: [String: [LinkerdGrant]]] = [:]
  private var byNamespace: [String: [LinkerdGrant]] = [:]
  private var byRoute: [RouteKey: [LinkerdGrant]] = [:]
  private var selectors: [String: LabelSelectorIndex<LinkerdGrant>] = [:]
  private(set) var defects: [ResourceReference: Defect] = [:]
  /// Every identity that some grant names.
  private(set) var identities = LinkerdIdentityTable()

  private struct Key: Hashable {
    var namespace: String
    var name: String
  }

  init(_ resources: LinkerdResources, settings: LinkerdSettings) {
    var identities: [Key: LinkerdMeshTLSAuthentication] = [:]
    for authentication in resources.meshTLSAuthentications {
      identities[Key(namespace: authentication.namespace, name: authentication.name)] =
        authentication
    }
    var networks: [Key: LinkerdNetworkAuthentication] = [:]
    for authentication in resources.networkAuthentications {
      networks[Key(namespace: authentication.namespace, name: authentication.name)] =
        authentication
    }
    for policy in resources.authorizationPolicies {
      switch LinkerdGrantBook.grant(
        of: policy, settings: settings,
        identities: { identities[Key(namespace: $0, name: $1)] },
        networks: { networks[Key(namespace: $0, name: $1)] })
      {
      case .success(let grant):
        note(grant)
        file(grant, of: policy)
      case .failure(let defect): defects[policy.reference] = defect.defect
      }
    }
    for authorization in resources.serverAuthorizations {
      guard let grant = LinkerdGrantBook.grant(of: authorization, settings: settings) else {
        defects[authorization.reference] = .noClients
        continue
      }
      note(grant)
      if let name = authorization.serverName {
        byServer[authorization.namespace, default: [:]][name.value, default: []].append(grant)
      } else {
        // Neither name nor selector: every Server of the namespace (policy-controller
        // k8s/index/src/inbound/server_authorization.rs).
        selectors[authorization.namespace, default: LabelSelectorIndex()]
          .insert(grant, for: authorization.serverSelector ?? LabelSelector())
      }
    }
  }

  private mutating func note(_ grant: LinkerdGrant) {
    guard case .identities(let wanted) = grant.authentication else { return }
    for identity in wanted.exact { _ = identities.add(identity) }
  }

  func prepared(_ grants: [LinkerdGrant]) -> PreparedGrants {
    PreparedGrants(grants, identities: identities)
  }

  /// Grants that attach to a Server, in the order of their ids.
  func grants(for server: LinkerdServer) -> [LinkerdGrant] {
    let named = byServer[server.namespace]?[server.name] ?? []
    let selected = selectors[server.namespace]?.elements(matching: server.metadata.labels) ?? []
    return (named + selected + (byNamespace[server.namespace] ?? [])).sorted { $0.id < $1.id }
  }

  func grants(for route: GatewayAPIRoute) -> PreparedGrants {
    prepared((byRoute[RouteKey(route)] ?? []).sorted { $0.id < $1.id })
  }

  /// Files a grant under its policy's target (policy-controller
  /// k8s/index/src/inbound/authorization_policy.rs).
  private mutating func file(_ grant: LinkerdGrant, of policy: LinkerdAuthorizationPolicy) {
    let target = policy.target
    switch LinkerdTarget(target) {
    case .server:
      byServer[policy.namespace, default: [:]][target.name, default: []].append(grant)
    case .namespace:
      // The controller does not compare the name with the policy's own namespace.
      byNamespace[policy.namespace, default: []].append(grant)
    case .route:
      let key = RouteKey(
        namespace: policy.namespace, group: target.group, kind: target.kind, name: target.name)
      byRoute[key, default: []].append(grant)
    case nil: defects[policy.reference] = .unknownTarget
    }
  }
}

/// What an AuthorizationPolicy can attach to.
enum LinkerdTarget: Sendable {
  case server
  case namespace
  case route

  init?(_ target: LinkerdReference) {
    if target.names(group: "policy.linkerd.io", kind: "Server") {
      self = .server
    } else if target.names(group: "core", kind: "Namespace") {
      self = .namespace
    } else if target.names(group: "policy.linkerd.io", kind: "HTTPRoute")
      || target.names(group: "gateway.networking.k8s.io", kind: "HTTPRoute")
      || target.names(group: "gateway.networking.k8s.io", kind: "GRPCRoute")
    {
      self = .route
    } else {
      return nil
    }
  }
}
