/// The certificates of one input, where each was met, and what else concerns identity there.
package struct CertificateInventory: Sendable {
  package var certificates: [CertificateRecord] = []
  package var privateKeys: [PrivateKeySighting] = []
  package var registrationEntries: [SPIRERegistrationEntry] = []
  package var bundleKeys: [TrustBundleKey] = []
  package var tokens: [JWTSVID] = []
  package var revocationLists: [RevocationList] = []
  /// How many blocks, files or rows were met, read or not: what coverage is counted against.
  package var itemCount = 0

  package init() {}

  package mutating func append(_ other: CertificateInventory) {
    certificates += other.certificates
    privateKeys += other.privateKeys
    registrationEntries += other.registrationEntries
    bundleKeys += other.bundleKeys
    tokens += other.tokens
    revocationLists += other.revocationLists
    itemCount += other.itemCount
  }
}

/// One certificate at one place.
///
/// The same certificate at two places is two records with equal facts.
package struct CertificateRecord: Sendable {
  package var facts: CertificateFacts
  /// The bytes, for checks of chains; nil where the format carries facts only.
  package var der: [UInt8]?
  package var sighting: CertificateSighting
  /// Whether reading `der` once more gives the same facts, so that keeping the bytes keeps the record.
  package var isRepeatable: Bool

  package init(
    facts: CertificateFacts, der: [UInt8]?, sighting: CertificateSighting,
    isRepeatable: Bool = false
  ) {
    self.facts = facts
    self.der = der
    self.sighting = sighting
    self.isRepeatable = isRepeatable
  }

  /// The same as a format that carries facts only gives it.
  package var withoutBytes: CertificateRecord {
    CertificateRecord(facts: facts, der: nil, sighting: sighting)
  }
}

/// The kind of place where certificates and keys are met.
package enum CertificateSource: String, Hashable, Sendable, CaseIterable {
  case pem
  case der
  case pkcs7
  case pkcs12
  case javaKeyStore = "java-key-store"
  case kubernetesSecret = "kubernetes-secret"
  case kubernetesConfigMap = "kubernetes-configmap"
  case certificateRequest = "certificate-request"
  case envoySecrets = "envoy-secrets"
  case ztunnel
  case spiffeBundle = "spiffe-bundle"
  case trustManagerBundle = "trust-manager-bundle"
  case stepInspect = "step-inspect"
  case opensslText = "openssl-text"
  case exporterMetrics = "exporter-metrics"
  case certManagerMetrics = "cert-manager-metrics"
  case table
}

/// The place where a certificate or key stands, as exactly as the format tells.
package struct CertificatePlace: Hashable, Sendable {
  package var source: CertificateSource
  package var location: SourceLocation
  /// Namespace of the Secret, ConfigMap or pod; nil outside Kubernetes.
  package var namespace: String?
  /// Name of the Secret, ConfigMap, pod or Envoy secret.
  package var name: String?
  /// Key inside the Secret or ConfigMap, or inside the record.
  package var key: String?
  /// The pod whose proxy was asked, when the dump says so.
  package var pod: String?
  /// The trust domain that the bundle is for.
  package var trustDomain: String?
  /// What the place uses its certificates as; unknown where it does not say.
  package var usedAs: CertificateRole

  package init(
    source: CertificateSource, location: SourceLocation, namespace: String? = nil,
    name: String? = nil, key: String? = nil, pod: String? = nil, trustDomain: String? = nil,
    usedAs: CertificateRole = .unknown
  ) {
    self.source = source
    self.location = location
    self.namespace = namespace
    self.name = name
    self.key = key
    self.pod = pod
    self.trustDomain = trustDomain
    self.usedAs = usedAs
  }
}

/// Where one certificate was met.
package struct CertificateSighting: Hashable, Sendable {
  /// `CertificateFacts.id`.
  package var certificateID: String
  package var place: CertificatePlace
  /// 0-based position among the blocks of its bundle.
  package var position: Int
  /// What the place uses it as, or else what the certificate says of itself.
  package var role: CertificateRole

  package init(
    certificateID: String, place: CertificatePlace, position: Int, role: CertificateRole
  ) {
    self.certificateID = certificateID
    self.place = place
    self.position = position
    self.role = role
  }
}

/// A private key met in an inventory.
///
/// Its bytes are not kept; nor is a digest of them.
package struct PrivateKeySighting: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case pkcs8
    case pkcs1
    case ec
    case dsa
    case encryptedPKCS8 = "encrypted-pkcs8"
    case openSSH = "openssh"
    case other
  }

  package var kind: Kind
  /// Whether a passphrase protects it, as far as its wrapping tells.
  package var isEncrypted: Bool
  package var place: CertificatePlace
  package var position: Int

  package init(kind: Kind, isEncrypted: Bool, place: CertificatePlace, position: Int) {
    self.kind = kind
    self.isEncrypted = isEncrypted
    self.place = place
    self.position = position
  }
}

/// An entry of `spire-server entry show` (spire-api-sdk `Entry`), or a ClusterStaticEntry that makes one.
package struct SPIRERegistrationEntry: Hashable, Sendable {
  package var id: String
  package var spiffeID: String
  package var parentID: String
  /// `type:value`, sorted.
  package var selectors: [String] = []
  /// 0: the server's default (1 h for X.509-SVIDs, 5 min for JWT-SVIDs).
  package var x509TTLSeconds = 0
  package var jwtTTLSeconds = 0
  package var federatesWith: [String] = []
  package var dnsNames: [String] = []
  package var isAdmin = false
  package var isDownstream = false
  package var createdAt: UTCTime?
  /// Nil: it does not expire.
  package var expiresAt: UTCTime?
  package var hint = ""
  /// Of a ClusterStaticEntry: its name and the class of the controller that acts on it.
  package var staticEntryName: String?
  package var className = ""
  package var location: SourceLocation

  package init(id: String, spiffeID: String, parentID: String, location: SourceLocation) {
    self.id = id
    self.spiffeID = spiffeID
    self.parentID = parentID
    self.location = location
  }
}
