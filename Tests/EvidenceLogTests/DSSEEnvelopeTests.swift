import Testing

@testable import EvidenceLog

@Suite struct DSSEEnvelopeTests {
  /// The vector of DSSE protocol.md.
  @Test func preAuthenticationEncoding() {
    let bytes = DSSEEnvelope.preAuthenticationEncoding(
      payloadType: "http://example.com/HelloWorld", payload: "hello world".bytes)
    #expect(bytes == "DSSEv1 29 http://example.com/HelloWorld 11 hello world".bytes)
    #expect(
      DSSEEnvelope.preAuthenticationEncoding(payloadType: "é", payload: []) == "DSSEv1 2 é 0 ".bytes
    )
  }

  /// Signed by securesystemslib 1.6.0 with the fixture keys.
  @Test(arguments: [
    (
      FixtureKeys.ed25519Public,
      """
      {"payload": "eyJhIjoxfQ==", "payloadType": "application/vnd.in-toto+json", "signatures": [{"keyid": \
      "946bbfb4fd58b1aeac3ddb00f68fd8c8dea7e9a84e6c149b1c10b36b707c38fd", "sig": \
      "lFuCIxT0qCA9GDOoK1VYTjkEcRorHebmLs8Pojg5Xewl/jsEENENfwhtXYjbofTeYEvaN3zpDb+O3BU0yWI/DA=="}]}
      """
    ),
    (
      FixtureKeys.p256Public,
      """
      {"payload": "eyJhIjoxfQ==", "payloadType": "application/vnd.in-toto+json", "signatures": [{"keyid": \
      "2984d406233c2eac07be650ff8074a2901a68f1d0ecd48fb3f49e3f85f363b75", "sig": \
      "MEUCIEQ2cq31Pu5qApZYFBlwDNV5yjvuTpsrzA6BxI3OKMRJAiEA2hdgk7tsXWyHNLmOV3f8yMxt3tHIoHodknFyQ+UHnUg="}]}
      """
    ),
  ])
  func envelopesOfOthersAreVerified(pem: String, line: String) throws {
    let key = try VerificationKey(pem: pem.bytes)
    let envelope = try DSSEEnvelope(line: line.bytes)
    #expect(envelope.payload == "{\"a\":1}".bytes)
    #expect(key.isValid(signature: envelope.signatures[0].bytes, over: envelope.signedBytes))
    let outcome = EvidenceVerifier.verify(envelope: line.bytes, key: key, files: [:])
    #expect(outcome.problems.map(\.code) == ["malformed-statement"])
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func envelopesReadBack(algorithm: SigningKey.Algorithm) throws {
    let key = SigningKey(generating: algorithm)
    let envelope = try DSSEEnvelope.signed(payload: "{}".bytes, with: key)
    let line = envelope.line
    #expect(line.hasSuffix("}\n") && line.split(separator: "\n").count == 1)
    #expect(try DSSEEnvelope(line: line.bytes) == envelope)
    #expect(!line.contains("unsigned"))
  }

  @Test func anUnsignedEnvelopeSaysSo() throws {
    let envelope = DSSEEnvelope(payload: "{}".bytes)
    #expect(
      envelope.line.contains("\"signatures\":[]") && envelope.line.contains("\"unsigned\":true"))
    #expect(try DSSEEnvelope(line: envelope.line.bytes).signatures.isEmpty)
  }

  @Test func base64HasOneForm() throws {
    let url = "{\"payloadType\":\"t\",\"payload\":\"-_-_\",\"signatures\":[]}"
    #expect(try DSSEEnvelope(line: url.bytes).payload == [0xFB, 0xFF, 0xBF])
    for payload in ["e30", "e31=", "e3 0=", "e30=\\n", "!!!!", "e30=="] {
      let text = "{\"payloadType\":\"t\",\"payload\":\"\(payload)\",\"signatures\":[]}"
      #expect(throws: EvidenceProblem.self) { try DSSEEnvelope(line: text.bytes) }
    }
  }

  @Test(arguments: [
    "", "\n", "{}", "[]", "null", "x", "{\"payload\":\"\"}",
    "{\"payloadType\":1,\"payload\":\"\",\"signatures\":[]}",
    "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{}]}",
    "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"*\"}]}",
    "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[]}\n{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[]}",
  ])
  func otherTextIsMalformed(text: String) {
    let problem = #expect(throws: EvidenceProblem.self) { try DSSEEnvelope(line: text.bytes) }
    #expect(problem?.code == "malformed-envelope")
  }
}
