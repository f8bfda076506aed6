/// Decoders of the kinds that issue identities.
enum CertificateDecoders {
  static let all: [any ResourceDecoder.Type] = [
    CertManagerCertificateDecoder.self, CertManagerCertificateRequestDecoder.self,
    CertManagerIssuerDecoder.self, ClusterSPIFFEIDDecoder.self, ClusterStaticEntryDecoder.self,
    ClusterFederatedTrustDomainDecoder.self, TrustManagerBundleDecoder.self,
  ]
}
