import DocumentReader
import MeshModel

/// Reads `cert-manager.io Certificate`.
enum CertManagerCertificateDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "cert-manager.io", kind: "Certificate")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore(
      "subject", "literalSubject", "emailAddresses", "otherNames", "secretTemplate", "keystores",
      "encodeUsagesInRequest", "revisionHistoryLimit", "additionalOutputFormats", "renewal",
      "signatureAlgorithm")
    var certificate = CertManagerCertificate(metadata: object.metadata)
    certificate.secretName = spec.string("secretName")
    certificate.issuer = spec.object("issuerRef").flatMap(issuer)
    certificate.commonName = spec.string("commonName")
    certificate.dnsNames = spec.strings("dnsNames")
    certificate.uris = spec.strings("uris")
    certificate.ipAddresses = spec.strings("ipAddresses")
    certificate.usages = spec.strings("usages")
    certificate.isCA = spec.bool("isCA")?.value ?? false
    certificate.durationSeconds = spec.goDuration("duration")
    certificate.renewBeforeSeconds = spec.goDuration("renewBefore")
    certificate.renewBeforePercentage = spec.int("renewBeforePercentage")
    if let key = spec.object("privateKey") {
      key.ignore("encoding")
      certificate.keyAlgorithm = key.string("algorithm")
      certificate.keySize = key.int("size")
      certificate.rotationPolicy = key.string("rotationPolicy")
      key.reportUnknownFields()
    }
    certificate.hasNameConstraints = spec.raw("nameConstraints") != nil
    spec.reportUnknownFields()
    if let status = object.fields.object("status") {
      certificate.isReady = status.objects("conditions").first {
        $0.string("type")?.value == "Ready"
      }?.string("status").map { $0.value == "True" }
      certificate.notAfter = status.time("notAfter")
      certificate.renewalTime = status.time("renewalTime")
      certificate.failedIssuanceAttempts = status.int("failedIssuanceAttempts")?.value
    }
    contents.inventory.certificates.certificates.append(certificate)
  }

  private static func issuer(_ fields: FieldReader) -> CertManagerCertificate.IssuerReference? {
    guard let name = fields.string("name") else { return nil }
    return .init(
      name: name.value, kind: fields.string("kind")?.value ?? "Issuer",
      group: fields.string("group")?.value ?? "cert-manager.io", location: fields.location)
  }
}

/// Reads `cert-manager.io Issuer` and `ClusterIssuer`.
enum CertManagerIssuerDecoder: ResourceDecoder {
  static let kinds = ["Issuer", "ClusterIssuer"].map {
    ResourceKind(group: "cert-manager.io", kind: $0)
  }

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    var issuer = CertManagerIssuer(metadata: object.metadata)
    for type in ["acme", "ca", "vault", "selfSigned", "venafi"] where spec.has(type) {
      guard let node = spec.node[type] else { continue }
      issuer.type = Located(type, at: node.location)
      let fields = spec.object(type)
      if type == "ca" { issuer.secretName = fields?.string("secretName")?.value }
      if type == "vault" || type == "acme" { issuer.server = fields?.string("server")?.value }
    }
    spec.reportUnknownFields()
    contents.inventory.certificates.issuers.append(issuer)
  }
}

/// Reads `spire.spiffe.io ClusterSPIFFEID`.
enum ClusterSPIFFEIDDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "spire.spiffe.io", kind: "ClusterSPIFFEID")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("autoPopulateDNSNames", "hint")
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
