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

  static func issuer(_ fields: FieldReader) -> CertManagerCertificate.IssuerReference? {
    guard let name = fields.string("name") else { return nil }
    return .init(
      name: name.value, kind: fields.string("kind")?.value ?? "Issuer",
      group: fields.string("group")?.value ?? "cert-manager.io", location: fields.location)
  }
}

/// Reads `cert-manager.io CertificateRequest`; the signing request itself is not looked at.
enum CertManagerCertificateRequestDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "cert-manager.io", kind: "CertificateRequest")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("request", "username", "uid", "groups", "extra")
    var request = CertManagerCertificateRequest(metadata: object.metadata)
    request.issuer = spec.object("issuerRef").flatMap(CertManagerCertificateDecoder.issuer)
    request.usages = spec.strings("usages")
    request.isCA = spec.bool("isCA")?.value ?? false
    request.durationSeconds = spec.goDuration("duration")
    spec.reportUnknownFields()
    if let status = object.fields.object("status") {
      request.isReady = status.objects("conditions").first {
        $0.string("type")?.value == "Ready"
      }?.string("status").map { $0.value == "True" }
      for field in ["certificate", "ca"] {
        guard let value = status.string(field), !value.value.isEmpty else { continue }
        guard let bytes = Base64.decoded(value.value) else {
          status.problem(
            "not-base64", "status.\(field) is not base64", at: value.location,
            hint: "export the object again")
          continue
        }
        request.issued[field] = Located(
          PEMCertificates.blocks(in: String(decoding: bytes, as: UTF8.self)), at: value.location)
      }
    }
    contents.inventory.certificates.requests.append(request)
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
