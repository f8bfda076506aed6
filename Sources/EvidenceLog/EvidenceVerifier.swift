/// Verifies signed evidence without the database of the run.
package enum EvidenceVerifier {
  /// What was found: the run when its statement could be read, and every problem.
  package struct Outcome: Sendable {
    package var run: AttestedRun?
    package var problems: [EvidenceProblem]

    /// Nothing found but warnings.
    package var stands: Bool { !problems.contains(where: \.isFailure) }
  }

  /// Verifies one envelope: its signature, then the files that it covers.
  ///
  /// A statement whose signature fails is read all the same, so that every problem is told at once;
  /// what it says is then worth nothing, and `stands` is false.
  ///
  /// - Parameters:
  ///   - envelope: contents of `run.intoto.jsonl`.
  ///   - key: nil checks digests only, and reports the signatures as not checked against a key.
  ///   - files: SHA-256 of each file beside the envelope, by name, the envelope itself excepted.
  ///   - findingLines: lines of the findings in their order, to be checked against the root.
  package static func verify(
    envelope bytes: [UInt8], key: VerificationKey?, files: [String: String],
    findingLines: [[UInt8]]? = nil
  ) -> Outcome {
    let envelope: DSSEEnvelope
    do {
      envelope = try DSSEEnvelope(line: bytes)
    } catch {
      return Outcome(run: nil, problems: [error])
    }
    var problems: [EvidenceProblem] = []
    if envelope.payloadType != DSSEEnvelope.inTotoPayloadType {
      problems.append(.wrongPayloadType(envelope.payloadType))
    }
    if let problem = signatureProblem(of: envelope, key: key) { problems.append(problem) }
    let run: AttestedRun
    do {
      run = try AttestedRun(payload: envelope.payload)
    } catch {
      return Outcome(run: nil, problems: problems + [error])
    }
    problems += subjectProblems(of: run, files: files)
    if let findingLines {
      let root = hexText(MerkleTree.root(of: findingLines))
      if root != run.findingsRoot || findingLines.count != run.findingCount {
        problems.append(.findingsChanged(expected: run.findingsRoot, found: root))
      }
    }
    return Outcome(run: run, problems: problems)
  }

  /// One good signature by the key is enough.
  ///
  /// A key id that names another key rules a signature out, one that is absent does not (DSSE
  /// protocol.md: the id is a hint).
  private static func signatureProblem(of envelope: DSSEEnvelope, key: VerificationKey?)
    -> EvidenceProblem?
  {
    guard !envelope.signatures.isEmpty else { return .unsigned }
    let ids = envelope.signatures.map(\.keyID)
    guard let key else { return .signatureNotChecked(keyIDs: ids) }
    let candidates = envelope.signatures.filter { $0.keyID.isEmpty || $0.keyID == key.keyID }
    guard !candidates.isEmpty else { return .notSignedByKey(keyIDs: ids) }
    let message = envelope.signedBytes
    return candidates.contains { key.isValid(signature: $0.bytes, over: message) }
      ? nil : .signatureInvalid
  }

  private static func subjectProblems(of run: AttestedRun, files: [String: String])
    -> [EvidenceProblem]
  {
    var problems: [EvidenceProblem] = []
    for subject in run.subjects {
      guard let found = files[subject.name] else {
        problems.append(.subjectMissing(name: subject.name))
        continue
      }
      if found != subject.sha256 {
        problems.append(
          .subjectChanged(name: subject.name, expected: subject.sha256, found: found))
      }
    }
    let listed = Set(run.subjects.map(\.name))
    problems += files.keys.filter { !listed.contains($0) }.sorted().map {
      .subjectUnlisted(name: $0)
    }
    return problems
  }
}
