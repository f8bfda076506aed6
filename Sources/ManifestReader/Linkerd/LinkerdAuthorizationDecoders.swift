import DocumentReader
import MeshModel

/// Reads `policy.linkerd.io ServerAuthorization`.
enum LinkerdServerAuthorizationDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "ServerAuthorization")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let server = spec.object("server")
    let client = spec.object("client")
    let authorization = LinkerdServerAuthorization(
      metadata: object.metadata, serverName: server?.string("name"),
      serverSelector: server?.labelSelector("selector"),
      networks: client?.addressBlocks("networks") ?? [],
      isUnauthenticated: client?.bool("unauthenticated")?.value ?? false,
      meshTLS: client?.object("meshTLS").map(meshTLS),
      clientLocation: client?.location ?? spec.location)
    server?.reportUnknownFields()
    client?.reportUnknownFields()
    spec.reportUnknownFields()
    guard let client else {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) names no client", at: spec.location,
        hint: "set \"client\"")
      return
    }
    // One network that cannot be read fails the whole object: reading it without would widen the
    // grant to the cluster's networks.
    guard authorization.networks.count == client.items("networks", of: "objects").count else {
      return
    }
    contents.inventory.linkerd.serverAuthorizations.append(authorization)
  }

  private static func meshTLS(_ fields: FieldReader) -> LinkerdServerAuthorization.MeshTLS {
    let meshTLS = LinkerdServerAuthorization.MeshTLS(
      isUnauthenticatedTLS: fields.bool("unauthenticatedTLS")?.value ?? false,
      identities: fields.strings("identities"),
      serviceAccounts: fields.objects("serviceAccounts").compactMap(serviceAccount))
    fields.reportUnknownFields()
    return meshTLS
  }

  private static func serviceAccount(_ fields: FieldReader)
    -> LinkerdServerAuthorization.ServiceAccountReference?
  {
    let namespace = fields.string("namespace")?.value
    guard let name = fields.string("name") else {
      fields.problem(
        "missing-field", "\(fields.path) has no name", at: fields.location, hint: "set \"name\"")
      return nil
    }
    fields.reportUnknownFields()
    return .init(name: name.value, namespace: namespace, location: fields.location)
  }
}

/// Reads `policy.linkerd.io AuthorizationPolicy`.
enum LinkerdAuthorizationPolicyDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "AuthorizationPolicy")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let target = spec.linkerdReference("targetRef")
    let list = spec.raw("requiredAuthenticationRefs")
    let references = spec.linkerdReferences("requiredAuthenticationRefs")
    spec.reportUnknownFields()
    if list == nil {
      spec.problem(
        "missing-field",
        "\(object.metadata.reference.text) has no \"requiredAuthenticationRefs\"",
        at: spec.location, hint: "the API server refuses it; list who may connect")
    }
    guard let target else { return }
    // A reference that cannot be read fails the whole object; without it the grant would be wider.
    let isWhole = list?.items?.count == references.count
    contents.inventory.linkerd.authorizationPolicies.append(
      LinkerdAuthorizationPolicy(
        metadata: object.metadata, target: target, authentications: isWhole ? references : nil,
        authenticationsLocation: list?.location ?? spec.location))
  }
}

/// Reads `policy.linkerd.io MeshTLSAuthentication`.
enum LinkerdMeshTLSAuthenticationDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "MeshTLSAuthentication")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let references = spec.linkerdReferences("identityRefs")
    let authentication = LinkerdMeshTLSAuthentication(
      metadata: object.metadata, identities: spec.strings("identities"),
      identityReferences: references)
    spec.reportUnknownFields()
    // `name` is optional in the CRD but not in the controller, which then cannot read the object
    // (Linkerd policy-controller k8s/api/src/policy/target_ref.rs).
    guard references.count == spec.items("identityRefs", of: "objects").count else { return }
    contents.inventory.linkerd.meshTLSAuthentications.append(authentication)
  }
}

/// Reads `policy.linkerd.io NetworkAuthentication`.
enum LinkerdNetworkAuthenticationDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "NetworkAuthentication")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let networks = spec.addressBlocks("networks")
    spec.reportUnknownFields()
    guard networks.count == spec.items("networks", of: "objects").count else { return }
    contents.inventory.linkerd.networkAuthentications.append(
      LinkerdNetworkAuthentication(metadata: object.metadata, networks: networks))
  }
}

/// Reads `policy.linkerd.io HTTPLocalRateLimitPolicy`.
enum LinkerdRateLimitPolicyDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "HTTPLocalRateLimitPolicy")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    guard let target = spec.linkerdReference("targetRef") else { return }
    let policy = LinkerdRateLimitPolicy(
      metadata: object.metadata, target: target,
      totalRequestsPerSecond: spec.object("total").flatMap(limit),
      identityRequestsPerSecond: spec.object("identity").flatMap(limit),
      overrides: spec.objects("overrides").compactMap { fields in
        let clients = fields.linkerdReferences("clientRefs")
        guard let limit = limit(fields) else { return nil }
        return .init(requestsPerSecond: limit, clients: clients)
      })
    spec.reportUnknownFields()
    contents.inventory.linkerd.rateLimitPolicies.append(policy)
  }

  private static func limit(_ fields: FieldReader) -> Int? {
    let limit = fields.int("requestsPerSecond")?.value
    fields.reportUnknownFields()
    return limit
  }
}
