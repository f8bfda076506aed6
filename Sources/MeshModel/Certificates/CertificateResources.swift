/// The kinds that issue identities: cert-manager and SPIRE.
package struct CertificateResources: Sendable {
  package var certificates: [CertManagerCertificate] = []
  package var issuers: [CertManagerIssuer] = []
  package var requests: [CertManagerCertificateRequest] = []
  package var clusterSPIFFEIDs: [ClusterSPIFFEID] = []
  /// ClusterStaticEntry objects, as the entries that they make.
  package var staticEntries: [SPIRERegistrationEntry] = []
  package var spireControllers: [SPIREControllerConfiguration] = []
  /// Federations and the sources of trust-manager's bundles.
  package var trustSources: [TrustSource] = []

  package init() {}
}

/// A cert-manager Certificate (`cert-manager.io/v1`): a certificate that is asked for, not the
/// certificate itself.
package struct CertManagerCertificate: MeshResource {
  package struct IssuerReference: Hashable, Sendable {
    package var name: String
    /// `Issuer` unless written.
    package var kind: String
    package var group: String
    package var location: SourceLocation

    package init(
      name: String, kind: String = "Issuer", group: String = "cert-manager.io",
      location: SourceLocation
    ) {
      self.name = name
      self.kind = kind
      self.group = group
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var secretName: Located<String>?
  package var issuer: IssuerReference?
  package var commonName: Located<String>?
  package var dnsNames: [Located<String>] = []
  package var uris: [Located<String>] = []
  package var ipAddresses: [Located<String>] = []
  package var usages: [Located<String>] = []
  package var isCA = false
  /// Seconds; nil means cert-manager's default of 90 days.
  package var durationSeconds: Located<Int64>?
  package var renewBeforeSeconds: Located<Int64>?
  package var renewBeforePercentage: Located<Int>?
  package var keyAlgorithm: Located<String>?
  package var keySize: Located<Int>?
  /// `Always` or `Never`.
  package var rotationPolicy: Located<String>?
  package var hasNameConstraints = false
  /// `status`: nil when the manifest was never applied.
  package var isReady: Bool?
  package var notAfter: UTCTime?
  package var renewalTime: UTCTime?
  package var failedIssuanceAttempts: Int?

  package init(metadata: ResourceMetadata) { self.metadata = metadata }
}

/// A cert-manager CertificateRequest (`cert-manager.io/v1`): one certificate that was asked of an
/// issuer, with the answer.
package struct CertManagerCertificateRequest: MeshResource {
  package var metadata: ResourceMetadata
  package var issuer: CertManagerCertificate.IssuerReference?
  package var usages: [Located<String>] = []
  package var isCA = false
  package var durationSeconds: Located<Int64>?
  /// `status`, condition Ready: nil when nobody answered yet.
  package var isReady: Bool?
  /// PEM of `status.certificate` and `status.ca`, by the name of the field.
  package var issued: [String: Located<String>] = [:]

  package init(metadata: ResourceMetadata) { self.metadata = metadata }
}

/// A cert-manager Issuer or ClusterIssuer (`cert-manager.io/v1`).
package struct CertManagerIssuer: MeshResource {
  package var metadata: ResourceMetadata
  /// `acme`, `ca`, `vault`, `selfSigned`, `venafi`, or nil when the spec has none of them.
  package var type: Located<String>?
  /// `ca.secretName`.
  package var secretName: String?
  /// `vault.server` or `acme.server`.
  package var server: String?

  package init(
    metadata: ResourceMetadata, type: Located<String>? = nil, secretName: String? = nil,
    server: String? = nil
  ) {
    self.metadata = metadata
    self.type = type
    self.secretName = secretName
    self.server = server
  }
}

/// A SPIRE ClusterSPIFFEID (`spire.spiffe.io/v1alpha1`): which pods get which SPIFFE ID.
package struct ClusterSPIFFEID: MeshResource {
  package var metadata: ResourceMetadata
  /// A Go template, `spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/…`.
  package var template: Located<String>?
  /// Both selectors nil: every pod.
  package var podSelector: LabelSelector?
  package var namespaceSelector: LabelSelector?
  package var dnsNameTemplates: [Located<String>] = []
  package var workloadSelectorTemplates: [Located<String>] = []
  package var ttlSeconds: Located<Int64>?
  package var jwtTTLSeconds: Located<Int64>?
  package var federatesWith: [Located<String>] = []
  package var isAdmin: Located<Bool>?
  package var isDownstream: Located<Bool>?
  package var isFallback = false
  /// It adds the names of the Services that send to the pod (spire-controller-manager v0.6.6,
  /// pkg/spireentry/entries.go, `dnsNamesFromEndpoints`).
  package var addsServiceNames = false
  package var hint = ""
  package var className: String?

  package init(metadata: ResourceMetadata) { self.metadata = metadata }

  /// Whether it gives an ID to a pod with these labels in a namespace with those.
  package func selects(podLabels: [String: String], namespaceLabels: [String: String]) -> Bool {
    (podSelector?.matches(podLabels) ?? true)
      && (namespaceSelector?.matches(namespaceLabels) ?? true)
  }
}
