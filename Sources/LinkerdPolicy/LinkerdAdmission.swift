import MeshModel

/// What Linkerd's admission webhook and CRDs refuse (linkerd2 policy-controller
/// runtime/src/admission.rs and validation.rs; policy-test/tests/admit_*.rs).
///
/// Such a manifest never reaches a cluster, or only past a webhook that was down.
struct LinkerdAdmission {
  let resources: LinkerdResources
  let routes: [GatewayAPIRoute]

  func all() -> [LinkerdLint] {
    var lints = resources.authorizationPolicies.flatMap(refusals)
    lints += resources.servers.flatMap(refusals)
    lints += resources.serverAuthorizations.flatMap(refusals)
    lints += resources.meshTLSAuthentications.flatMap(refusals)
    lints += resources.networkAuthentications.flatMap(refusals)
    lints += resources.rateLimitPolicies.flatMap(refusals)
    lints += resources.egressNetworks.flatMap(refusals)
    lints += routes.flatMap(refusals)
    return lints
  }

  private func refusal(
    of resource: some MeshResource, _ reason: String, at location: SourceLocation? = nil
  ) -> LinkerdLint {
    LinkerdLint(
      "admission", resource.reference,
      "\(resource.reference.text) would be refused by Linkerd's admission: \(reason)",
      detail: reason, at: location ?? resource.location)
  }

  private func refusals(of policy: LinkerdAuthorizationPolicy) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    switch LinkerdTarget(policy.target) {
    case .namespace where policy.target.name != policy.namespace:
      lints.append(
        refusal(
          of: policy, "its target is namespace \"\(policy.target.name)\" and not its own",
          at: policy.target.location))
    case nil:
      lints.append(
        refusal(
          of: policy, "its target is a \(policy.target.kind)", at: policy.target.location))
    default: break
    }
    guard let references = policy.authentications else {
      return lints + [refusal(of: policy, "requiredAuthenticationRefs is missing")]
    }
    let networks = references.filter {
      $0.names(group: "policy.linkerd.io", kind: "NetworkAuthentication")
    }
    for (kind, found) in [
      ("NetworkAuthentication", networks),
      ("identity", references.filter { !networks.contains($0) }),
    ] where found.count > 1 {
      lints.append(
        refusal(of: policy, "it requires more than one \(kind)", at: found[1].location))
    }
    return lints
  }

  private func refusals(of server: LinkerdServer) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    if let text = server.proxyProtocol,
      !["unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"].contains(text.value)
    {
      lints.append(
        refusal(of: server, "\"\(text.value)\" is no proxyProtocol", at: text.location))
    }
    if let text = server.accessPolicy, LinkerdDefaultPolicy(rawValue: text.value) == nil {
      lints.append(
        refusal(of: server, "\"\(text.value)\" is no accessPolicy", at: text.location))
    }
    return lints
  }

  private func refusals(of authorization: LinkerdServerAuthorization) -> [LinkerdLint] {
    var lints = networks(authorization.networks, of: authorization)
    guard let meshTLS = authorization.meshTLS else { return lints }
    let hasIdentities = !meshTLS.identities.isEmpty || !meshTLS.serviceAccounts.isEmpty
    if authorization.isUnauthenticated {
      lints.append(
        refusal(
          of: authorization, "client is unauthenticated and has meshTLS",
          at: authorization.clientLocation))
    } else if meshTLS.isUnauthenticatedTLS, hasIdentities {
      lints.append(
        refusal(
          of: authorization, "unauthenticatedTLS stands beside identities",
          at: authorization.clientLocation))
    }
    return lints
  }

  private func refusals(of authentication: LinkerdMeshTLSAuthentication) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    switch (authentication.identities.isEmpty, authentication.identityReferences.isEmpty) {
    case (true, true): lints.append(refusal(of: authentication, "it names nobody"))
    case (false, false):
      lints.append(refusal(of: authentication, "it has both identities and identityRefs"))
    default: break
    }
    for reference in authentication.identityReferences
    where reference.names(group: "core", kind: "Namespace") && reference.namespace != nil {
      lints.append(
        refusal(
          of: authentication, "the reference to a Namespace has a namespace",
          at: reference.location))
    }
    for identity in authentication.identities where !LinkerdAdmission.isIdentity(identity.value) {
      lints.append(
        refusal(
          of: authentication, "\"\(identity.value)\" is no identity", at: identity.location))
    }
    return lints
  }

  private func refusals(of authentication: LinkerdNetworkAuthentication) -> [LinkerdLint] {
    authentication.networks.isEmpty
      ? [refusal(of: authentication, "it names no network")]
      : networks(authentication.networks, of: authentication)
  }

  private func refusals(of policy: LinkerdRateLimitPolicy) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    if !policy.target.names(group: "policy.linkerd.io", kind: "Server") {
      lints.append(
        refusal(
          of: policy, "its target is a \(policy.target.kind)", at: policy.target.location))
    }
    if let total = policy.totalRequestsPerSecond {
      if let identity = policy.identityRequestsPerSecond, identity > total {
        lints.append(refusal(of: policy, "the limit of an identity is above the total"))
      }
      if policy.overrides.contains(where: { $0.requestsPerSecond > total }) {
        lints.append(refusal(of: policy, "the limit of an override is above the total"))
      }
    }
    return lints
  }

  private func refusals(of network: LinkerdEgressNetwork) -> [LinkerdLint] {
    network.networks?.isEmpty ?? false
      ? [refusal(of: network, "its list of networks is empty")] : []
  }

  private func refusals(of route: GatewayAPIRoute) -> [LinkerdLint] {
    let parents = route.parents.filter { $0.group == "policy.linkerd.io" }
    guard !parents.isEmpty else { return [] }
    var lints = parents.filter { $0.kind == "EgressNetwork" && $0.port == nil }.map {
      refusal(of: route, "its parent is an EgressNetwork without port", at: $0.location)
    }
    guard route.kind == .http else { return lints }
    for rule in route.rules {
      for path in rule.matches.compactMap(\.path)
      where path.comparison != .regularExpression && !path.value.hasPrefix("/") {
        lints.append(
          refusal(of: route, "path \"\(path.value)\" is relative", at: path.location))
      }
      for filter in rule.filters {
        guard let path = filter.redirectPath, !path.hasPrefix("/") else { continue }
        lints.append(
          refusal(of: route, "redirect path \"\(path)\" is relative", at: filter.location))
      }
    }
    return lints
  }

  private func networks(_ blocks: [AddressBlock], of resource: some MeshResource) -> [LinkerdLint] {
    blocks.flatMap { block in
      block.exceptions.compactMap { exception in
        if exception.contains(block.range) {
          return refusal(of: resource, "\(exception) excludes all of it", at: block.location)
        }
        guard block.range.contains(exception) else {
          return refusal(
            of: resource, "\(exception) is not inside \(block.range)", at: block.location)
        }
        return nil
      }
    }
  }

  /// A DNS name of lower-case labels, `*` alone or as the first label, or a SPIFFE ID.
  static func isIdentity(_ text: String) -> Bool {
    if text.hasPrefix("spiffe://") { return SPIFFEID.defect(in: text) == nil }
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.enumerated().allSatisfy { index, label in
      (index == 0 && label.elementsEqual("*".utf8)) || isLabel(label)
    }
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard let first = label.first, let last = label.last, first != hyphen, last != hyphen else {
      return false
    }
    return label.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == hyphen }
  }
}
