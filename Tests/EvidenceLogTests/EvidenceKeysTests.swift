import Testing

@testable import EvidenceLog

@Suite struct EvidenceKeysTests {
  @Test func keysOfOthersAreRead() throws {
    for pem in [FixtureKeys.ed25519, FixtureKeys.ed25519Version2] {
      let key = try SigningKey(pem: pem.bytes)
      #expect(key.algorithm == .ed25519)
      #expect(key.pem == FixtureKeys.ed25519)
      #expect(key.verificationKey.pem == FixtureKeys.ed25519Public)
    }
    for pem in [FixtureKeys.p256, FixtureKeys.p256SEC1] {
      let key = try SigningKey(pem: pem.bytes)
      #expect(key.algorithm == .ecdsaP256)
      #expect(key.pem == FixtureKeys.p256)
      #expect(key.verificationKey.pem == FixtureKeys.p256Public)
    }
    #expect(try VerificationKey(pem: FixtureKeys.ed25519Public.bytes).algorithm == .ed25519)
    #expect(try VerificationKey(pem: FixtureKeys.p256Public.bytes).algorithm == .ecdsaP256)
  }

  /// Computed with securesystemslib 1.6.0, `CryptoSigner(key).public_key.keyid`.
  @Test func keyIDsAreThoseOfSecuresystemslib() throws {
    #expect(
      try SigningKey(pem: FixtureKeys.ed25519.bytes).verificationKey.keyID
        == "946bbfb4fd58b1aeac3ddb00f68fd8c8dea7e9a84e6c149b1c10b36b707c38fd")
    #expect(
      try VerificationKey(pem: FixtureKeys.p256Public.bytes).keyID
        == "2984d406233c2eac07be650ff8074a2901a68f1d0ecd48fb3f49e3f85f363b75")
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func newKeysReadBack(algorithm: SigningKey.Algorithm) throws {
    let key = SigningKey(generating: algorithm)
    let again = try SigningKey(pem: key.pem.bytes)
    #expect(again.algorithm == algorithm)
    #expect(again.pem == key.pem)
    #expect(
      try VerificationKey(pem: key.verificationKey.pem.bytes).keyID == again.verificationKey.keyID)
    #expect(SigningKey(generating: algorithm).pem != key.pem)
    #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n") && key.pem.hasSuffix("-----\n"))
  }

  @Test func textAroundAndWindowsLinesDoNoHarm() throws {
    let pem = "subject=x\r\n\r\n" + FixtureKeys.p256.replacing("\n", with: "\r\n") + "rest\r\n"
    #expect(try SigningKey(pem: pem.bytes).algorithm == .ecdsaP256)
  }

  @Test(arguments: [
    ("", EvidenceError.Code.notPEM),
    ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", .notPEM),
    (
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----", .encrypted
    ),
    (
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nAA==\n-----END EC PRIVATE KEY-----",
      .encrypted
    ),
    ("-----BEGIN PRIVATE KEY-----\nAA==", .invalid),
    ("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----", .invalid),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", .unsupported),
    ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", .unsupported),
  ])
  func otherFilesAreRefused(pem: String, code: EvidenceError.Code) {
    let error = #expect(throws: EvidenceError.self) { try SigningKey(pem: pem.bytes) }
    #expect(error?.code == code)
  }

  @Test func aPrivateKeyIsNoPublicKey() {
    #expect(throws: EvidenceError.self) { try VerificationKey(pem: FixtureKeys.p256.bytes) }
    #expect(throws: EvidenceError.self) { try SigningKey(pem: FixtureKeys.p256Public.bytes) }
  }

  @Test func errorsHoldNoKey() {
    let broken = FixtureKeys.p256.replacing("MIGH", with: "MIGG")
    let error = #expect(throws: EvidenceError.self) { try SigningKey(pem: broken.bytes) }
    #expect(error?.description.contains("SM49") == false)
  }
}
