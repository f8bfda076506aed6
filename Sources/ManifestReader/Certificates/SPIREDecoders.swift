import DocumentReader
import MeshModel

/// Reads `spire.spiffe.io ClusterSPIFFEID`.
enum ClusterSPIFFEIDDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "spire.spiffe.io", kind: "ClusterSPIFFEID")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    var result = ClusterSPIFFEID(metadata: object.metadata)
    result.template = spec.string("spiffeIDTemplate")
    result.podSelector = spec.labelSelector("podSelector")
    result.namespaceSelector = spec.labelSelector("namespaceSelector")
    result.dnsNameTemplates = spec.strings("dnsNameTemplates")
    result.workloadSelectorTemplates = spec.strings("workloadSelectorTemplates")
    result.ttlSeconds = spec.goDuration("ttl")
    result.jwtTTLSeconds = spec.goDuration("jwtTtl")
    result.federatesWith = spec.strings("federatesWith")
    result.isAdmin = spec.bool("admin")
    result.isDownstream = spec.bool("downstream")
    result.isFallback = spec.bool("fallback")?.value ?? false
    result.addsServiceNames = spec.bool("autoPopulateDNSNames")?.value ?? false
    result.hint = spec.string("hint")?.value ?? ""
    result.className = spec.string("className")?.value
    spec.reportUnknownFields()
    if result.template == nil {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) has no \"spiffeIDTemplate\"",
        at: spec.location, hint: "set it; without it no pod gets an ID")
    }
    contents.inventory.certificates.clusterSPIFFEIDs.append(result)
  }
}

/// Reads `spire.spiffe.io ClusterStaticEntry`: a registration entry as a manifest
/// (spire-controller-manager, api/v1alpha1).
enum ClusterStaticEntryDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "spire.spiffe.io", kind: "ClusterStaticEntry")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("storeSVID")
    guard let id = spec.string("spiffeID"), let parent = spec.string("parentID") else {
      spec.problem(
        "missing-field",
        "\(object.metadata.reference.text) has no \"spiffeID\" or no \"parentID\"",
        at: spec.location, hint: "set both; without them no entry is made")
      return
    }
    var entry = SPIRERegistrationEntry(
      id: "ClusterStaticEntry \(object.metadata.name)", spiffeID: id.value,
      parentID: parent.value, location: id.location)
    entry.staticEntryName = object.metadata.name
    entry.className = spec.string("className")?.value ?? ""
    entry.selectors = spec.strings("selectors").map(\.value).sorted()
    entry.federatesWith = spec.strings("federatesWith").map(\.value)
    entry.x509TTLSeconds = spec.goDuration("x509SVIDTTL").map { Int($0.value) } ?? 0
    entry.jwtTTLSeconds = spec.goDuration("jwtSVIDTTL").map { Int($0.value) } ?? 0
    entry.dnsNames = spec.strings("dnsNames").map(\.value)
    entry.hint = spec.string("hint")?.value ?? ""
    entry.isAdmin = spec.bool("admin")?.value ?? false
    entry.isDownstream = spec.bool("downstream")?.value ?? false
    spec.reportUnknownFields()
    contents.inventory.certificates.staticEntries.append(entry)
  }
}
