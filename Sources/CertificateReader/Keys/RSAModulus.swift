/// What can be told of the two primes behind an RSA modulus without knowing them.
struct RSAModulus {
  let value: Natural

  init(_ value: Natural) { self.value = value }

  /// Nil when the bytes cannot be walked to an RSA key.
  init?(certificate der: [UInt8]) {
    guard let parts = SignedParts(der) else { return nil }
    do throws(DERError) {
      var walker = DERWalker(der)
      var position = parts.publicKeyInfo.lowerBound
      let info = try walker.next(
        &position, end: parts.publicKeyInfo.upperBound, tag: DERTag.sequence, "the public key")
      position = info.content.lowerBound
      _ = try walker.next(&position, end: info.end, tag: DERTag.sequence, "the algorithm")
      let bits = try walker.next(&position, end: info.end, tag: DERTag.bitString, "the key")
      position = bits.content.lowerBound + 1
      let key = try walker.next(&position, end: bits.end, tag: DERTag.sequence, "the RSA key")
      position = key.content.lowerBound
      let modulus = try walker.next(&position, end: key.end, tag: DERTag.integer, "the modulus")
      value = Natural(der[modulus.content])
    } catch {
      return nil
    }
  }

  /// As many rounds as zlint's `e_rsa_fermat_factorization` takes.
  private static let fermatRounds = 100

  /// Whether the primes lie so close together that Fermat's method finds them at once (CVE-2022-26320).
  var hasClosePrimes: Bool {
    var middle = value.squareRoot
    if middle * middle < value { middle = middle + Natural(1) }
    var difference = middle * middle - value
    for _ in 0..<Self.fermatRounds {
      if Self.isSquare(difference) { return true }
      difference = difference + middle + middle + Natural(1)
      middle = middle + Natural(1)
    }
    return false
  }

  private static func isSquare(_ number: Natural) -> Bool {
    // A square ends in one of 12 of 64 patterns; of the rest few are squares modulo these numbers.
    let low = (number.words.first ?? 0) & 63
    guard (0..<64 as Range<UInt>).contains(where: { $0 &* $0 & 63 == low }) else { return false }
    for modulus in [63, 65, 11, 17] as [UInt] {
      let rest = number.remainder(by: modulus)
      guard (0..<modulus).contains(where: { $0 * $0 % modulus == rest }) else { return false }
    }
    let root = number.squareRoot
    return root * root == number
  }

  /// The primes up to 167, whose product every prime of the broken generator is built on, whatever its
  /// size; those that 65537 generates wholly tell nothing and are left out.
  private static let markers: [(prime: UInt, powers: Set<UInt>)] = {
    let primes = (3...167 as ClosedRange<UInt>).filter { number in
      !(2..<number).contains { number % $0 == 0 }
    }
    return primes.compactMap { prime in
      var powers: Set<UInt> = []
      var power: UInt = 1
      while powers.insert(power).inserted { power = power * 65_537 % prime }
      return UInt(powers.count) == prime - 1 ? nil : (prime, powers)
    }
  }()

  /// Whether it has the shape of keys made by the library of ROCA: modulo small primes a power of 65537
  /// (CVE-2017-15361; Nemec et al., The Return of Coppersmith's Attack, CCS 2017, section 2.4).
  var hasROCAShape: Bool {
    Self.markers.allSatisfy { $0.powers.contains(value.remainder(by: $0.prime)) }
  }
}
