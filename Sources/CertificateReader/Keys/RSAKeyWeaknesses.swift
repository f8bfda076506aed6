package import MeshModel

/// What is wrong with RSA keys of an inventory and takes more than one look at a certificate: primes that
/// lie close together, the shape of ROCA, and prime factors that several keys have in common.
package struct RSAKeyWeaknesses {
  /// Different moduli that are compared with one another; the cost goes with the square, about a second
  /// for these.
  package static let comparedKeyLimit = 1_000

  /// Different moduli that were met, by their hashes: there may be a hundred thousand.
  private var met: Set<Int> = []
  /// Those that are compared, of CAs and of others.
  private var authorities: [Natural] = []
  private var others: [Natural] = []
  /// What was found of keys, by modulus, and of certificates, by id.
  private var weakKeys: [Natural: CertificateAnomalies] = [:]
  private var weakCertificates: [String: CertificateAnomalies] = [:]
  private var shared: Set<Natural> = []

  /// Different moduli that were met.
  package var keyCount: Int { met.count }

  package init() {}

  package init(_ records: [CertificateRecord]) {
    for record in records { add(record) }
    compare()
  }

  /// Looks at the key of a certificate; after the last one comes `compare`.
  package mutating func add(_ record: CertificateRecord) {
    guard record.facts.keyAlgorithm == "RSA", let der = record.der,
      let modulus = RSAModulus(certificate: der)
    else { return }
    if met.insert(modulus.value.hashValue).inserted {
      let anomalies = Self.anomalies(of: modulus)
      if !anomalies.isEmpty { weakKeys[modulus.value] = anomalies }
      if record.facts.isCA == true {
        if authorities.count < Self.comparedKeyLimit { authorities.append(modulus.value) }
      } else if others.count < Self.comparedKeyLimit {
        others.append(modulus.value)
      }
    }
    if let anomalies = weakKeys[modulus.value] { weakCertificates[record.facts.id] = anomalies }
  }

  /// Compares keys of CAs first, then the others in the order in which they were met.
  package mutating func compare() {
    shared = Self.withSharedFactor((authorities + others).prefix(Self.comparedKeyLimit))
    (authorities, others) = ([], [])
  }

  /// The facts of a record with what was found of its key.
  package func adding(to record: CertificateRecord) -> CertificateRecord {
    var found = weakCertificates[record.facts.id] ?? CertificateAnomalies()
    if !shared.isEmpty, let modulus = record.der.flatMap({ RSAModulus(certificate: $0) }),
      shared.contains(modulus.value)
    {
      found.insert(.keyRSASharedFactor)
    }
    guard !found.isEmpty else { return record }
    var record = record
    for anomaly in record.facts.anomalies { found.insert(anomaly) }
    record.facts.anomalies = found.list
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
