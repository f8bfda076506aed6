/// Decoders of cert-manager and SPIRE kinds.
enum CertificateDecoders {
  static let all: [any ResourceDecoder.Type] = []
}
