/// What verification found wrong.
package enum EvidenceProblem: Error, Sendable, Hashable {
  case malformedEnvelope(String)
  case wrongPayloadType(String)
  /// The envelope carries no signature: nobody answers for it.
  case unsigned
  /// No signature names the key that was given.
  case notSignedByKey(keyIDs: [String])
  case signatureInvalid
  /// No key was given to check the signatures with.
  case signatureNotChecked(keyIDs: [String])
  case malformedStatement(String)
  case wrongStatementType(String)
  case wrongPredicateType(String)
  case subjectMissing(name: String)
  case subjectChanged(name: String, expected: String, found: String)
  /// A file that lies beside the evidence and that the statement does not cover.
  case subjectUnlisted(name: String)
  case findingsChanged(expected: String, found: String)
  /// Runs are missing between two that are there, or before the first.
  case chainGap(after: Int, before: Int)
  /// Two different runs have one sequence number.
  case chainFork(sequence: Int, runIDs: [String])
  /// The run names another run before it than the one that is there.
  case previousMismatch(runID: String, expected: String, found: String?)
  /// The run started before the one that precedes it.
  case timeRunsBackwards(runID: String)
  /// The newest run that is known from elsewhere is not in the chain.
  case headMissing(payloadSHA256: String)

  /// Stable, for messages and tests.
  package var code: String {
    switch self {
    case .malformedEnvelope: "malformed-envelope"
    case .wrongPayloadType: "wrong-payload-type"
    case .unsigned: "unsigned"
    case .notSignedByKey: "not-signed-by-key"
    case .signatureInvalid: "signature-invalid"
    case .signatureNotChecked: "signature-not-checked"
    case .malformedStatement: "malformed-statement"
    case .wrongStatementType: "wrong-statement-type"
    case .wrongPredicateType: "wrong-predicate-type"
    case .subjectMissing: "subject-missing"
    case .subjectChanged: "subject-changed"
    case .subjectUnlisted: "subject-unlisted"
    case .findingsChanged: "findings-changed"
    case .chainGap: "chain-gap"
    case .chainFork: "chain-fork"
    case .previousMismatch: "previous-mismatch"
    case .timeRunsBackwards: "time-runs-backwards"
    case .headMissing: "head-missing"
    }
  }

  /// Whether the evidence cannot stand with it.
  ///
  /// The others are warnings: a night without a run, a file that was put beside the reports,
  /// signatures that the caller chose not to check.
  package var isFailure: Bool {
    switch self {
    case .chainGap, .subjectUnlisted, .signatureNotChecked: false
    default: true
    }
  }
}

extension EvidenceProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedEnvelope(let reason): "the envelope cannot be read: \(reason)"
    case .wrongPayloadType(let type):
      "the payload type is \"\(type.prefix(80))\", expected \"\(DSSEEnvelope.inTotoPayloadType)\""
    case .unsigned: "the evidence is not signed"
    case .notSignedByKey(let ids):
      "it is not signed with this key but with \(quoted(ids))"
    case .signatureNotChecked(let ids):
      "the signatures were not checked: no key was given (\(quoted(ids)))"
    case .signatureInvalid: "the signature does not fit the statement"
    case .malformedStatement(let reason): "the statement cannot be read: \(reason)"
    case .wrongStatementType(let type): "\"\(type.prefix(80))\" is no in-toto Statement v1"
    case .wrongPredicateType(let type): "\"\(type.prefix(80))\" is no audit run"
    case .subjectMissing(let name): "\"\(name)\" is attested and not there"
    case .subjectChanged(let name, let expected, let found):
      "\"\(name)\" has changed: SHA-256 \(found), attested \(expected)"
    case .subjectUnlisted(let name): "\"\(name)\" is not covered by the statement"
    case .findingsChanged(let expected, let found):
      "the findings have the root \(found), attested \(expected)"
    case .chainGap(let after, let before):
      "runs \(after + 1) to \(before - 1) are missing from the chain"
    case .chainFork(let sequence, let ids):
      "run number \(sequence) exists more than once: \(ids.joined(separator: ", "))"
    case .previousMismatch(let id, let expected, let found):
      "run \(id) follows \(found ?? "no run"), and the run before it is \(expected)"
    case .timeRunsBackwards(let id): "run \(id) started before the run that precedes it"
    case .headMissing(let digest): "the run with the digest \(digest) is not in the chain"
    }
  }

  private func quoted(_ ids: [String]) -> String {
    ids.map { "\"\($0.prefix(80))\"" }.joined(separator: ", ")
  }
}
