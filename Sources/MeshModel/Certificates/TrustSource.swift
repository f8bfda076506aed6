/// Something that makes a mesh trust keys: a federation with another trust domain, or a source of a bundle
/// that trust-manager writes.
package struct TrustSource: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A SPIFFE bundle endpoint of another trust domain.
    case bundleEndpoint = "bundle-endpoint"
    case secret
    case configMap = "configmap"
    /// Written out in the manifest.
    case inLine = "inline"
    /// Every public CA that the image of trust-manager brings (`useDefaultCAs`).
    case defaultCAs = "default-cas"
  }

  /// The ClusterFederatedTrustDomain or Bundle.
  package var resource: ResourceReference
  package var kind: Kind
  /// Of a Secret or ConfigMap: its name (nil when it is selected by labels) and the key.
  package var name: String?
  package var key: String?
  /// Of a federation.
  package var trustDomain: String?
  package var endpointURL: String?
  /// `https_web` or `https_spiffe`.
  package var endpointProfile: String?
  package var endpointSPIFFEID: String?
  /// `configmap ca-bundle.crt`: what a Bundle writes, in every namespace that it selects.
  package var target: String?
  /// Certificates or keys that the manifest itself holds: PEM, or a SPIFFE bundle as JSON.
  package var material: String?
  package var location: SourceLocation

  package init(resource: ResourceReference, kind: Kind, location: SourceLocation) {
    self.resource = resource
    self.kind = kind
    self.location = location
  }
}
