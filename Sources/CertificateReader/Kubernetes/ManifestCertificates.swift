import DocumentReader
package import MeshModel

/// The certificates that stand inside Kubernetes objects.
extension CertificateReader {
  /// Reads the certificates of a Secret, each key a bundle of its own.
  ///
  /// What a key is used as: `tls.crt`, `cert-chain.pem`, `crt.pem` a chain that is presented, leaf
  /// first; `ca.crt`, `root-cert.pem`, `ca-cert.pem` of Istio's `cacerts` by what they say
  /// (spec of Kubernetes `kubernetes.io/tls`; Istio plug-in CA certificates; Linkerd
  /// `linkerd-identity-issuer`).
  package static func certificates(of secret: Secret, into sink: DiagnosticSink)
    -> CertificateInventory
  {
    var collector = CertificateCollector(sink: sink)
    for (key, text) in secret.certificates.sorted(by: { $0.key < $1.key }) {
      let place = CertificatePlace(
        source: .kubernetesSecret, location: text.location, namespace: secret.namespace,
        name: secret.name, key: key, usedAs: use(of: key, in: secret))
      collector.addPEM(Array(text.value.utf8), at: place)
    }
    for (key, value) in secret.containers.sorted(by: { $0.key < $1.key }) {
      let place = CertificatePlace(
        source: .kubernetesSecret, location: value.location, namespace: secret.namespace,
        name: secret.name, key: key, usedAs: use(of: key, in: secret))
      if FormatRecognition.format(of: value.value) == .javaKeyStore {
        collector.addJavaKeyStore(value.value, at: place)
      } else {
        collector.addOther(DERKind.of(value.value), value.value, at: place, position: 0)
      }
    }
    for key in secret.privateKeyKeys {
      collector.addPrivateKey(
        .other, isEncrypted: false,
        at: CertificatePlace(
          source: .kubernetesSecret, location: secret.location, namespace: secret.namespace,
          name: secret.name, key: key),
        position: 0)
    }
    return collector.inventory
  }

  /// Reads the certificates in the values of a ConfigMap: the trust roots of a mesh
  /// (`istio-ca-root-cert`, `linkerd-identity-trust-roots`, trust-manager's targets) and
  /// `identityTrustAnchorsPEM` in `linkerd-config`.
  package static func certificates(of configMap: ConfigMap, into sink: DiagnosticSink)
    -> CertificateInventory
  {
    var collector = CertificateCollector(sink: sink)
    for (key, text) in configMap.data.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(text.value.utf8)
      guard PEMScanner.hasBlock(in: bytes) else { continue }
      collector.addPEM(
        bytes,
        at: CertificatePlace(
          source: .kubernetesConfigMap, location: text.location, namespace: configMap.namespace,
          name: configMap.name, key: key, usedAs: .anchor))
    }
    return collector.inventory
  }

  /// Reads the certificate that an issuer put into a CertificateRequest (`status.certificate`,
  /// `status.ca`).
  package static func certificates(
    of request: CertManagerCertificateRequest, into sink: DiagnosticSink
  ) -> CertificateInventory {
    var collector = CertificateCollector(sink: sink)
    for (key, text) in request.issued.sorted(by: { $0.key < $1.key }) {
      collector.addPEM(
        Array(text.value.utf8),
        at: CertificatePlace(
          source: .certificateRequest, location: text.location,
          namespace: request.metadata.namespace, name: request.metadata.name, key: key))
    }
    return collector.inventory
  }

  /// Reads the certificates and keys that stand in a ClusterFederatedTrustDomain (`trustDomainBundle`) or in
  /// a Bundle of trust-manager (`inLine`).
  package static func certificates(of source: TrustSource, into sink: DiagnosticSink)
    -> CertificateInventory
  {
    var collector = CertificateCollector(sink: sink)
    guard let material = source.material, !material.isEmpty else { return collector.inventory }
    guard source.kind == .bundleEndpoint else {
      collector.addPEM(
        Array(material.utf8),
        at: CertificatePlace(
          source: .trustManagerBundle, location: source.location, name: source.resource.name,
          key: "inLine", usedAs: .anchor))
      return collector.inventory
    }
    // The text has lines of its own: its places are the manifest's.
    let documents = JSONDocuments.read(material, path: source.location.path, into: sink)
    for document in documents {
      SPIFFEBundle.read(
        document, of: source.trustDomain, at: source.location, into: &collector)
    }
    return collector.inventory
  }

  private static func use(of key: String, in secret: Secret) -> CertificateRole {
    switch key {
    case "root-cert.pem", "ca-bundle.crt": return .anchor
    case "tls.crt", "crt.pem":
      // The chain of an issuer starts with the issuer: what it is, it says itself.
      return secret.name == "linkerd-identity-issuer" || secret.keys.contains("ca-key.pem")
        ? .unknown : .leaf
    default: return .unknown
    }
  }
}
