/// A set of what is odd about one certificate, as bits: most certificates have one thing or none, and an
/// inventory has a hundred thousand certificates.
package struct CertificateAnomalies: Equatable, Sendable {
  /// In the order of their ranks.
  private static let cases = CertificateAnomaly.allCases

  private var bits: UInt128 = 0

  package init() {}

  package var isEmpty: Bool { bits == 0 }

  package mutating func insert(_ anomaly: CertificateAnomaly) { bits |= 1 << anomaly.rank }

  package mutating func formUnion(_ other: CertificateAnomalies) { bits |= other.bits }

  /// Each code once, in the order of `CertificateAnomaly.allCases`.
  package var list: [CertificateAnomaly] {
    var list: [CertificateAnomaly] = []
    var rest = bits
    while rest != 0 {
      list.append(Self.cases[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return list
  }
}
