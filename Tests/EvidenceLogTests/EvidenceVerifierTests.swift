import AuditModel
import MeshModel
import Testing

@testable import EvidenceLog

@Suite struct EvidenceVerifierTests {
  private func verify(
    _ run: FixtureRun, _ line: String, _ key: VerificationKey?, files: [String: String]? = nil
  ) -> EvidenceVerifier.Outcome {
    EvidenceVerifier.verify(
      envelope: line.bytes, key: key, files: files ?? run.digests,
      findingLines: FindingLine.leaves(of: run.report.findings))
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func whatWasSignedStands(algorithm: SigningKey.Algorithm) throws {
    let run = FixtureRun()
    let key = SigningKey(generating: algorithm)
    let line = try DSSEEnvelope.signed(payload: run.payload, with: key).line
    let outcome = verify(run, line, key.verificationKey)
    #expect(outcome.problems == [])
    #expect(outcome.stands)
    let attested = try #require(outcome.run)
    #expect(attested.runID == "run-1" && attested.sequence == 1)
    #expect(attested.subjects.map(\.name) == ["findings.json", "junit.xml", "report.html"])
    #expect(attested.payloadSHA256 == SHA256Digest.hex(of: run.payload))
    #expect(attested.findingCount == 2)
  }

  @Test func theStatementIsMadeOnceAndSorted() {
    let run = FixtureRun()
    #expect(run.payload == run.payload)
    let text = String(decoding: run.payload, as: UTF8.self)
    #expect(
      text.hasPrefix(
        """
        {"_type":"https://in-toto.io/Statement/v1","predicate":{"findingsRoot":{"alg":"rfc6962-sha256",\
        "leaves":2,"root":"
        """))
    for piece in [
      "\"predicateType\":\"https://meshaudit.dev/attestation/audit-run/v1\"",
      "\"counts\":{\"critical\":0,\"high\":1,\"info\":0,\"low\":0,\"medium\":0}",
      "\"outcome\":\"INCOMPLETE\"", "\"exitCode\":2", "\"gate\":\"high\"",
      "{\"annotations\":{\"bytes\":0,\"kind\":\"unknown\",\"records\":0,\"rejected\":0,\"status\":\"failed\"},\"name\":\"mesh/b.yaml\"}",
      "\"waivers\":{\"active\":0,\"files\":[{\"digest\":{\"sha256\":\"efef",
    ] {
      #expect(text.contains(piece), "\(piece)")
    }
    #expect(!text.contains("\"previous\""))
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func everyChangedByteOfThePayloadIsFound(algorithm: SigningKey.Algorithm) throws {
    let run = FixtureRun()
    let key = SigningKey(generating: algorithm)
    let envelope = try DSSEEnvelope.signed(payload: run.payload, with: key)
    var random = SystemRandomNumberGenerator()
    for index in envelope.payload.indices {
      var changed = envelope
      changed.payload[index] ^= UInt8.random(in: 1...255, using: &random)
      let outcome = verify(run, changed.line, key.verificationKey)
      #expect(outcome.problems.contains(.signatureInvalid) && !outcome.stands)
    }
    for count in [0, 1, envelope.payload.count - 1] {
      var cut = envelope
      cut.payload = Array(envelope.payload.prefix(count))
      #expect(!verify(run, cut.line, key.verificationKey).stands)
    }
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func everyChangedBitOfTheSignatureIsFound(algorithm: SigningKey.Algorithm) throws {
    let run = FixtureRun()
    let key = SigningKey(generating: algorithm)
    let envelope = try DSSEEnvelope.signed(payload: run.payload, with: key)
    for index in envelope.signatures[0].bytes.indices {
      for bit in 0..<8 {
        var changed = envelope
        changed.signatures[0].bytes[index] ^= 1 << bit
        #expect(!verify(run, changed.line, key.verificationKey).stands, "byte \(index) bit \(bit)")
      }
    }
    var empty = envelope
    empty.signatures[0].bytes = []
    #expect(verify(run, empty.line, key.verificationKey).problems == [.signatureInvalid])
  }

  @Test(arguments: SigningKey.Algorithm.allCases)
  func everyChangedByteOfTheFileIsFound(algorithm: SigningKey.Algorithm) throws {
    let run = FixtureRun()
    let key = SigningKey(generating: algorithm)
    let line = try DSSEEnvelope.signed(payload: run.payload, with: key).line.bytes
    // The line break at the end is no part of the envelope, and a key id may be left out: what its
    // name says is a hint that is not signed.
    let name = try #require(line.firstRange(of: "keyid".bytes))
    for index in line.indices.dropLast() where !name.contains(index) {
      let flip: UInt8 = [1, 4, 0x20, 0x80][index % 4]
      var changed = line
      changed[index] ^= flip
      let outcome = EvidenceVerifier.verify(
        envelope: changed, key: key.verificationKey, files: run.digests)
      #expect(!outcome.stands, "byte \(index) flip \(flip)")
    }
  }

  @Test func changedFilesAreFound() throws {
    let run = FixtureRun()
    let key = SigningKey(generating: .ed25519)
    let line = try DSSEEnvelope.signed(payload: run.payload, with: key).line
    for (name, bytes) in run.files {
      for index in bytes.indices {
        var changed = run
        changed.files[name]?[index] ^= 1
        #expect(
          verify(run, line, key.verificationKey, files: changed.digests).problems.map(\.code)
            == ["subject-changed"])
      }
      var missing = run.digests
      missing[name] = nil
      let outcome = verify(run, line, key.verificationKey, files: missing)
      #expect(outcome.problems == [.subjectMissing(name: name)])
      #expect(!outcome.stands)
    }
    var more = run.digests
    more["notes.txt"] = "00"
    let outcome = verify(run, line, key.verificationKey, files: more)
    #expect(outcome.problems == [.subjectUnlisted(name: "notes.txt")])
    #expect(outcome.stands)
  }

  @Test func changedFindingsAreFound() throws {
    let run = FixtureRun()
    let key = SigningKey(generating: .ed25519)
    let line = try DSSEEnvelope.signed(payload: run.payload, with: key).line
    let leaves = FindingLine.leaves(of: run.report.findings)
    for lines in [Array(leaves.dropLast()), leaves.reversed(), leaves + ["x".bytes]] {
      let outcome = EvidenceVerifier.verify(
        envelope: line.bytes, key: key.verificationKey, files: run.digests, findingLines: lines)
      #expect(outcome.problems.map(\.code) == ["findings-changed"])
    }
  }

  @Test func anotherKeyDoesNotVerify() throws {
    let run = FixtureRun()
    let key = SigningKey(generating: .ecdsaP256)
    let envelope = try DSSEEnvelope.signed(payload: run.payload, with: key)
    for other in SigningKey.Algorithm.allCases.map({ SigningKey(generating: $0) }) {
      #expect(
        verify(run, envelope.line, other.verificationKey).problems.map(\.code)
          == ["not-signed-by-key"])
      var forged = envelope
      forged.signatures[0].keyID = other.verificationKey.keyID
      #expect(
        verify(run, forged.line, other.verificationKey).problems == [.signatureInvalid])
    }
    var unnamed = envelope
    unnamed.signatures[0].keyID = ""
    #expect(verify(run, unnamed.line, key.verificationKey).stands)
  }

  @Test func oneOfSeveralSignaturesIsEnough() throws {
    let run = FixtureRun()
    let first = SigningKey(generating: .ed25519)
    let second = SigningKey(generating: .ecdsaP256)
    var envelope = try DSSEEnvelope.signed(payload: run.payload, with: first)
    envelope.signatures += try DSSEEnvelope.signed(payload: run.payload, with: second).signatures
    #expect(verify(run, envelope.line, first.verificationKey).stands)
    #expect(verify(run, envelope.line, second.verificationKey).stands)
  }

  @Test func unsignedEvidenceDoesNotStand() {
    let run = FixtureRun()
    let line = DSSEEnvelope(payload: run.payload).line
    let key = SigningKey(generating: .ed25519).verificationKey
    #expect(verify(run, line, key).problems == [.unsigned])
    #expect(verify(run, line, nil).problems == [.unsigned])
  }

  @Test func withoutAKeySignaturesAreNotChecked() throws {
    let run = FixtureRun()
    let key = SigningKey(generating: .ed25519)
    let line = try DSSEEnvelope.signed(payload: run.payload, with: key).line
    let outcome = verify(run, line, nil)
    #expect(outcome.problems == [.signatureNotChecked(keyIDs: [key.verificationKey.keyID])])
    #expect(outcome.stands)
  }

  @Test func otherStatementsAreNoRuns() throws {
    let key = SigningKey(generating: .ed25519)
    let rows: [(String, String, String)] = [
      (
        "{\"_type\":\"x\",\"predicateType\":\"y\"}", DSSEEnvelope.inTotoPayloadType,
        "wrong-statement-type"
      ),
      (
        "{\"_type\":\"\(RunStatement.statementType)\",\"predicateType\":\"y\"}",
        DSSEEnvelope.inTotoPayloadType, "wrong-predicate-type"
      ),
      (
        "{\"_type\":\"\(RunStatement.statementType)\",\"predicateType\":\"\(RunStatement.predicateType)\"}",
        DSSEEnvelope.inTotoPayloadType, "malformed-statement"
      ),
      ("[]", DSSEEnvelope.inTotoPayloadType, "malformed-statement"),
    ]
    for (payload, type, code) in rows {
      let line = try DSSEEnvelope.signed(payload: payload.bytes, payloadType: type, with: key).line
      let outcome = EvidenceVerifier.verify(
        envelope: line.bytes, key: key.verificationKey, files: [:])
      #expect(outcome.problems.map(\.code) == [code])
    }
    let run = FixtureRun()
    let typed = try DSSEEnvelope.signed(
      payload: run.payload, payloadType: "application/json", with: key)
    #expect(
      verify(run, typed.line, key.verificationKey).problems.map(\.code) == ["wrong-payload-type"])
  }

  @Test func aFindingCanBeShownAlone() throws {
    let findings = FixtureRun().report.findings
    let leaves = FindingLine.leaves(of: findings)
    let root = MerkleTree.root(of: leaves)
    let proof = try #require(MerkleTree.inclusionProof(of: 1, in: leaves))
    #expect(MerkleTree.includes(leaf: leaves[1], at: 1, of: 2, proof: proof, root: root))
    #expect(
      FindingLine.text(of: findings[0])
        == """
        {"discriminator":"","evidence":{"rows":[1,2]},"fingerprint":"fp1:aa",\
        "location":"mesh/a.yaml:4:9","message":"admits every \\"principal\\"","rule":"LP-001",\
        "severity":"high","status":"fail","subject":"workload agents/planner","systems":[]}
        """)
  }
}
