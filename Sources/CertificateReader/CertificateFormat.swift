/// The formats of certificate inventories, recognised by content.
package enum CertificateFormat: String, Hashable, Sendable, CaseIterable {
  case pem
  /// DER: certificates one after another, PKCS#7, or something that is named.
  case der
  /// A Java key store: its certificates are read, its keys are named.
  case javaKeyStore = "jks"
  /// `istioctl proxy-config secret -o json`, or Envoy's `/config_dump`.
  case envoySecrets = "envoy-secrets"
  /// `istioctl ztunnel-config certificates -o json`, or ztunnel's `/config_dump`.
  case ztunnel
  /// A SPIFFE trust bundle (JWKS).
  case spiffeBundle = "spiffe-bundle"
  /// JWT-SVIDs: `spire-agent api fetch jwt -output json`, or tokens one a line.
  case jwtSVIDs = "jwt-svids"
  /// `step certificate inspect --format json`.
  case stepInspect = "step-inspect"
  /// `openssl x509 -text`, `linkerd identity`.
  case opensslText = "openssl-text"
  /// `spire-server entry show -output json`.
  case spireEntries = "spire-entries"
  /// `spire-server entry show`.
  case spireEntryText = "spire-entry-text"
  /// Prometheus text of x509-certificate-exporter or cert-manager.
  case metrics = "certificate-metrics"
  /// CSV or JSON Lines with one certificate a row.
  case table = "certificate-table"
}
