import DocumentReader
import MeshModel

/// Reads `spire.spiffe.io ClusterFederatedTrustDomain`: a trust domain whose bundle a SPIRE server fetches
/// (spire-controller-manager, api/v1alpha1).
enum ClusterFederatedTrustDomainDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "spire.spiffe.io", kind: "ClusterFederatedTrustDomain")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("className")
    guard let trustDomain = spec.string("trustDomain") else {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) has no \"trustDomain\"",
        at: spec.location, hint: "set it; without it nothing is federated")
      return
    }
    var source = TrustSource(
      resource: object.metadata.reference, kind: .bundleEndpoint, location: trustDomain.location)
    source.trustDomain = trustDomain.value
    source.endpointURL = spec.string("bundleEndpointURL")?.value
    if let profile = spec.object("bundleEndpointProfile") {
      source.endpointProfile = profile.string("type")?.value
      source.endpointSPIFFEID = profile.string("endpointSPIFFEID")?.value
      profile.reportUnknownFields()
    }
    source.material = spec.string("trustDomainBundle")?.value
    spec.reportUnknownFields()
    contents.inventory.certificates.trustSources.append(source)
  }
}

/// Reads `trust.cert-manager.io Bundle`: what trust-manager puts together and writes into namespaces
/// (trust-manager, pkg/apis/trust/v1alpha1).
enum TrustManagerBundleDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "trust.cert-manager.io", kind: "Bundle")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let target = spec.object("target").flatMap(target)
    for fields in spec.objects("sources") {
      guard var source = source(fields, of: object.metadata.reference) else { continue }
      source.target = target
      contents.inventory.certificates.trustSources.append(source)
    }
    spec.reportUnknownFields()
  }

  private static func target(_ fields: FieldReader) -> String? {
    fields.ignore("namespaceSelector", "additionalFormats")
    let names = [("configMap", "configmap"), ("secret", "secret")].compactMap { field, name in
      fields.object(field).map { object in
        object.ignore("metadata")
        return "\(name) \(object.string("key")?.value ?? "")"
      }
    }
    fields.reportUnknownFields()
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  private static func source(_ fields: FieldReader, of resource: ResourceReference) -> TrustSource?
  {
    defer { fields.reportUnknownFields() }
    for (field, kind) in [("secret", TrustSource.Kind.secret), ("configMap", .configMap)] {
      guard let object = fields.object(field) else { continue }
      object.ignore("selector", "includeAllKeys")
      var source = TrustSource(resource: resource, kind: kind, location: object.location)
      source.name = object.string("name")?.value
      source.key = object.string("key")?.value
      object.reportUnknownFields()
      return source
    }
    if let text = fields.string("inLine") {
      var source = TrustSource(resource: resource, kind: .inLine, location: text.location)
      source.material = PEMCertificates.blocks(in: text.value)
      return source
    }
    guard let flag = fields.bool("useDefaultCAs"), flag.value else { return nil }
    return TrustSource(resource: resource, kind: .defaultCAs, location: flag.location)
  }
}
