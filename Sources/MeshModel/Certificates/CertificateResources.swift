/// The kinds that issue identities: cert-manager and SPIRE.
package struct CertificateResources: Sendable {
  package init() {}
}
