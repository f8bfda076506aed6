package import MeshModel

/// What is wrong with RSA keys of an inventory and takes more than one look at a certificate: primes that
/// lie close together, the shape of ROCA, and prime factors that several keys have in common.
package struct RSAKeyWeaknesses {
  /// Different moduli that are compared with one another; the cost goes with the square, about a second
  /// for these.
  package static let comparedKeyLimit = 1_000

  private var byKey: [Natural: CertificateAnomalies] = [:]
  private var keys: [String: Natural] = [:]
  /// Different moduli that were met.
  package private(set) var keyCount = 0

  /// Keys of CAs are compared first, then the others in the order in which they were met.
  package init(_ records: [CertificateRecord]) {
    var authorities: [Natural] = []
    var others: [Natural] = []
    for record in records where record.facts.keyAlgorithm == "RSA" {
      guard keys[record.facts.id] == nil, let der = record.der,
        let modulus = RSAModulus(certificate: der)
      else { continue }
      keys[record.facts.id] = modulus.value
      guard byKey[modulus.value] == nil else { continue }
      byKey[modulus.value] = Self.anomalies(of: modulus)
      if record.facts.isCA == true {
        authorities.append(modulus.value)
      } else {
        others.append(modulus.value)
      }
    }
    keyCount = byKey.count
    for modulus in Self.withSharedFactor((authorities + others).prefix(Self.comparedKeyLimit)) {
      byKey[modulus]?.insert(.keyRSASharedFactor)
    }
  }

  /// The facts of a record with what was found of its key.
  package func adding(to record: CertificateRecord) -> CertificateRecord {
    guard let key = keys[record.facts.id], let found = byKey[key], !found.isEmpty else {
      return record
    }
    var record = record
    var anomalies = found
    for anomaly in record.facts.anomalies { anomalies.insert(anomaly) }
    record.facts.anomalies = anomalies.list
    return record
  }

  /// Says so when not every key was compared with every other.
  package var diagnostic: Diagnostic? {
    guard keyCount > Self.comparedKeyLimit else { return nil }
    return Diagnostic(
      code: "shared-factors-not-compared", severity: .note,
      message:
        "prime factors in common were looked for among \(Self.comparedKeyLimit) of \(keyCount) RSA keys",
      hint: "audit the certificates of one issuer or namespace at a time to compare all of them")
  }

  private static func anomalies(of modulus: RSAModulus) -> CertificateAnomalies {
    var anomalies = CertificateAnomalies()
    if modulus.value.isZero { return anomalies }
    if modulus.hasClosePrimes { anomalies.insert(.keyRSAClosePrimes) }
    if modulus.hasROCAShape { anomalies.insert(.keyRSAKnownShape) }
    return anomalies
  }

  /// Those of different moduli that have a factor in common with another: two keys whose primes came from
  /// one badly seeded generator are both taken apart by one division (Heninger et al., Mining Your Ps and
  /// Qs, USENIX Security 2012, section 3.3).
  static func withSharedFactor(_ moduli: some Collection<Natural>) -> Set<Natural> {
    var product = Natural(1)
    var earlier: [Natural] = []
    var found: Set<Natural> = []
    let one = Natural(1)
    for modulus in moduli where !modulus.isZero {
      let rest = product.divided(by: modulus).remainder
      if Natural.greatestCommonDivisor(modulus, rest) > one {
        found.insert(modulus)
        for other in earlier where Natural.greatestCommonDivisor(modulus, other) > one {
          found.insert(other)
        }
      }
      product = product * modulus
      earlier.append(modulus)
    }
    return found
  }
}
