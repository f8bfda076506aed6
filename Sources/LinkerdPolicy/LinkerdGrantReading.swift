import MeshModel

extension LinkerdGrantBook {
  struct DefectError: Error {
    var defect: Defect
  }

  /// The grant of an AuthorizationPolicy: all of its authentications hold at once
  /// (policy-controller k8s/index/src/inbound/authorization_policy.rs).
  static func grant(
    of policy: LinkerdAuthorizationPolicy, settings: LinkerdSettings,
    identities find: (String, String) -> LinkerdMeshTLSAuthentication?,
    networks findNetworks: (String, String) -> LinkerdNetworkAuthentication?
  ) -> Result<LinkerdGrant, DefectError> {
    guard let references = policy.authentications else {
      return .failure(.init(defect: .noAuthenticationList))
    }
    var identityReference: LinkerdReference?
    var networkReference: LinkerdReference?
    for reference in references {
      if reference.names(group: "policy.linkerd.io", kind: "NetworkAuthentication") {
        if networkReference != nil { return .failure(.init(defect: .severalNetworks)) }
        networkReference = reference
      } else if reference.names(group: "policy.linkerd.io", kind: "MeshTLSAuthentication")
        || reference.names(group: "core", kind: "ServiceAccount")
      {
        if identityReference != nil { return .failure(.init(defect: .severalIdentities)) }
        identityReference = reference
      } else {
        return .failure(.init(defect: .unknownAuthentication(reference)))
      }
    }
    var authentication = LinkerdGrant.Authentication.unauthenticated
    if let reference = identityReference {
      let namespace = reference.namespace ?? policy.namespace
      if reference.names(group: "core", kind: "ServiceAccount") {
        let identity = settings.identity(serviceAccount: reference.name, namespace: namespace)
        authentication = .identities(.init(exact: [identity]))
      } else {
        guard let found = find(namespace, reference.name),
          let read = self.identities(of: found, settings: settings)
        else { return .failure(.init(defect: .missingAuthentication(reference))) }
        authentication = .identities(read)
      }
    }
    var networks = LinkerdNetworks.everywhere
    if let reference = networkReference {
      guard let found = findNetworks(reference.namespace ?? policy.namespace, reference.name),
        !found.networks.isEmpty
      else { return .failure(.init(defect: .missingAuthentication(reference))) }
      networks = LinkerdNetworks(found.networks)
    }
    return .success(
      LinkerdGrant(
        id: "authorizationpolicy:\(policy.namespace)/\(policy.name)", policy: policy.reference,
        location: policy.location, authentication: authentication, networks: networks))
  }

  /// Identities of a MeshTLSAuthentication; nil when it has none or names something else than
  /// service accounts and namespaces, which the controller takes as if the object did not exist.
  static func identities(
    of authentication: LinkerdMeshTLSAuthentication, settings: LinkerdSettings
  ) -> LinkerdGrant.Identities? {
    var result = LinkerdGrant.Identities()
    for identity in authentication.identities {
      switch LinkerdIdentityPattern(identity.value) {
      case .exact(let name): result.exact.insert(name)
      case .suffix(let suffix): result.suffixes.append(suffix)
      }
    }
    for reference in authentication.identityReferences {
      if reference.names(group: "core", kind: "ServiceAccount") {
        result.exact.insert(
          settings.identity(
            serviceAccount: reference.name,
            namespace: reference.namespace ?? authentication.namespace))
      } else if reference.names(group: "core", kind: "Namespace") {
        result.suffixes.append(settings.namespaceSuffix(reference.name))
      } else {
        return nil
      }
    }
    return result.exact.isEmpty && result.suffixes.isEmpty ? nil : result
  }

  /// The grant of a ServerAuthorization; nil when it authorizes no clients and is then ignored
  /// (policy-controller k8s/index/src/inbound/server_authorization.rs).
  static func grant(of authorization: LinkerdServerAuthorization, settings: LinkerdSettings)
    -> LinkerdGrant?
  {
    let authentication: LinkerdGrant.Authentication
    if authorization.isUnauthenticated {
      authentication = .unauthenticated
    } else {
      guard let meshTLS = authorization.meshTLS else { return nil }
      if meshTLS.isUnauthenticatedTLS {
        authentication = .anyTLS
      } else {
        var identities = LinkerdGrant.Identities()
        for identity in meshTLS.identities {
          switch LinkerdIdentityPattern(identity.value) {
          case .exact(let name): identities.exact.insert(name)
          case .suffix(let suffix): identities.suffixes.append(suffix)
          }
        }
        for account in meshTLS.serviceAccounts {
          identities.exact.insert(
            settings.identity(
              serviceAccount: account.name,
              namespace: account.namespace ?? authorization.namespace))
        }
        guard !identities.exact.isEmpty || !identities.suffixes.isEmpty else { return nil }
        authentication = .identities(identities)
      }
    }
    return LinkerdGrant(
      id: "serverauthorization:\(authorization.namespace)/\(authorization.name)",
      policy: authorization.reference, location: authorization.location,
      authentication: authentication,
      // Without networks the cluster's, not all (policy-controller grpc/src/inbound.rs,
      // `to_authz`).
      networks: authorization.networks.isEmpty
        ? LinkerdNetworks(cluster: settings.clusterNetworks)
        : LinkerdNetworks(authorization.networks))
  }
}

/// An identity as a policy writes it: `*` stands only at the front and for whole labels
/// (policy-controller core/src/identity_match.rs).
///
/// `**.x` and `foo.*.x` are taken literally.
enum LinkerdIdentityPattern: Equatable {
  case exact(String)
  case suffix(String)

  init(_ text: String) {
    if text == "*" {
      self = .suffix("")
    } else if text.hasPrefix("*.") {
      self = .suffix(String(text.dropFirst()))
    } else {
      self = .exact(text)
    }
  }
}
