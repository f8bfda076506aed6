import DocumentReader
import MeshModel

/// Reads `policy.linkerd.io EgressNetwork`.
enum LinkerdEgressNetworkDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "EgressNetwork")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let networks = spec.raw("networks") == nil ? nil : spec.addressBlocks("networks")
    let trafficPolicy = spec.string("trafficPolicy")
    spec.reportUnknownFields()
    guard let trafficPolicy, ["Allow", "Deny"].contains(trafficPolicy.value) else {
      spec.problem(
        "missing-field",
        "\(object.metadata.reference.text) has no traffic policy \"Allow\" or \"Deny\"",
        at: trafficPolicy?.location ?? spec.location, hint: "set \"trafficPolicy\"")
      return
    }
    contents.inventory.linkerd.egressNetworks.append(
      LinkerdEgressNetwork(
        metadata: object.metadata, networks: networks, trafficPolicy: trafficPolicy))
  }
}

/// Reads `linkerd.io ServiceProfile`.
enum LinkerdServiceProfileDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "linkerd.io", kind: "ServiceProfile")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("dstOverrides", "opaquePorts")
    let profile = LinkerdServiceProfile(
      metadata: object.metadata, routes: spec.objects("routes").map(route),
      hasRetryBudget: spec.raw("retryBudget") != nil)
    spec.reportUnknownFields()
    contents.inventory.linkerd.serviceProfiles.append(profile)
  }

  /// Conditions may be nested with `all`, `any` and `not`; only a plain method and path are facts.
  private static func route(_ fields: FieldReader) -> LinkerdServiceProfile.Route {
    let condition = fields.object("condition")
    return LinkerdServiceProfile.Route(
      name: fields.string("name")?.value ?? "", method: condition?.string("method")?.value,
      pathRegex: condition?.string("pathRegex")?.value,
      isRetryable: fields.bool("isRetryable")?.value ?? false,
      timeout: fields.string("timeout")?.value, location: fields.location)
  }
}

/// Reads `multicluster.linkerd.io Link`.
enum LinkerdLinkDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "multicluster.linkerd.io", kind: "Link")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    // `gatewayPort` is text in every version of the CRD so far.
    contents.inventory.linkerd.links.append(
      LinkerdLink(
        metadata: object.metadata,
        targetClusterName: spec.string("targetClusterName")?.value ?? object.metadata.name,
        targetClusterDomain: spec.string("targetClusterDomain")?.value,
        gatewayAddress: spec.string("gatewayAddress")?.value,
        gatewayPort: spec.intOrString("gatewayPort").flatMap { Int($0.value) },
        gatewayIdentity: spec.string("gatewayIdentity"), selector: spec.labelSelector("selector"),
        remoteDiscoverySelector: spec.labelSelector("remoteDiscoverySelector"),
        federatedServiceSelector: spec.labelSelector("federatedServiceSelector")))
  }
}

/// Reads `workload.linkerd.io ExternalWorkload`.
enum LinkerdExternalWorkloadDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "workload.linkerd.io", kind: "ExternalWorkload")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    // `meshTLS` of v1beta1 was `meshTls` in v1alpha1.
    let meshTLS = spec.object("meshTLS") ?? spec.object("meshTls")
    let workload = LinkerdExternalWorkload(
      metadata: object.metadata, identity: meshTLS?.string("identity"),
      serverName: meshTLS?.string("serverName")?.value,
      ports: spec.objects("ports").compactMap { fields in
        guard let number = fields.int("port") else { return nil }
        return .init(
          name: fields.string("name")?.value, number: number.value,
          transport: fields.transport("protocol"))
      }, addresses: spec.objects("workloadIPs").compactMap { $0.string("ip")?.value })
    spec.reportUnknownFields()
    contents.inventory.linkerd.externalWorkloads.append(workload)
  }
}
