import MeshModel
import Testing

@testable import CertificateReader

@Suite struct RSAKeyWeaknessesTests {
  /// Mersenne primes: 2^61 - 1, 2^89 - 1, 2^107 - 1, 2^127 - 1.
  private static func mersenne(_ exponent: Int) -> Natural {
    Natural(1).shiftedLeft(by: exponent) - Natural(1)
  }

  private func facts(_ names: [String]) throws -> [String: CertificateFacts] {
    var inventory = CertificateInventory()
    for name in names {
      inventory.append(
        CertificateReader.read(
          try TestData.bytes("corpus/\(name).der"), path: name, into: DiagnosticSink()))
    }
    let weaknesses = RSAKeyWeaknesses(inventory.certificates)
    return Dictionary(
      uniqueKeysWithValues: zip(
        names, inventory.certificates.map { weaknesses.adding(to: $0).facts }))
  }

  @Test func primesThatLieCloseTogetherAreFound() {
    let prime = Self.mersenne(89)
    // The next prime after 2^89 - 1 is not needed: any odd neighbour shows the method.
    #expect(RSAModulus(prime * (prime + Natural(30))).hasClosePrimes)
    #expect(RSAModulus(prime * prime).hasClosePrimes)
    #expect(!RSAModulus(prime * Self.mersenne(107)).hasClosePrimes)
  }

  @Test func keysWithACommonPrimeAreFoundAndOthersAreNot() {
    let (first, second) = (
      Self.mersenne(61) * Self.mersenne(89), Self.mersenne(61) * Self.mersenne(107)
    )
    let third = Self.mersenne(127) * Self.mersenne(31)
    #expect(RSAKeyWeaknesses.withSharedFactor([first, third, second]) == [first, second])
    #expect(RSAKeyWeaknesses.withSharedFactor([first, third]).isEmpty)
  }

  @Test func allThatShareAPrimeAreNamedWhateverTheirOrder() {
    let shared = Self.mersenne(61)
    let keys = [89, 107, 127, 31].map { shared * Self.mersenne($0) }
    #expect(RSAKeyWeaknesses.withSharedFactor(keys) == Set(keys))
    #expect(RSAKeyWeaknesses.withSharedFactor(keys.reversed()) == Set(keys))
  }

  @Test func ordinaryKeysHaveNoneOfIt() throws {
    for (name, facts) in try facts(["key-rsa-1024", "key-rsa-2047", "key-rsa-exponent-3", "base"]) {
      #expect(
        Set(facts.anomalies).isDisjoint(
          with: [.keyRSAClosePrimes, .keyRSAKnownShape, .keyRSASharedFactor]), "\(name)")
    }
  }

  @Test func theSameKeyInTwoCertificatesSharesNothing() throws {
    let record = try #require(
      CertificateReader.read(
        try TestData.bytes("corpus/key-rsa-1024.der"), path: "a", into: DiagnosticSink()
      ).certificates.first)
    var other = record
    other.facts.id = "another certificate"
    let weaknesses = RSAKeyWeaknesses([record, other])
    #expect(weaknesses.keyCount == 1)
    #expect(weaknesses.adding(to: other).facts.anomalies == record.facts.anomalies)
  }
}
