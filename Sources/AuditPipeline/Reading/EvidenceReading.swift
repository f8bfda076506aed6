import AuditModel
import EvidenceLog
import MeshModel

/// Finds evidence of earlier runs among the files of a run, and checks it: signatures by the public keys
/// that were given, the files beside it, and the chain over all of it.
struct EvidenceReading {
  /// An envelope that attests a run, or what should be one.
  private struct Envelope {
    var path: String
    var bytes: [UInt8]
    var outcome: EvidenceVerifier.Outcome
  }

  private var envelopes: [Envelope] = []
  private var keys: [(path: String, key: VerificationKey)] = []
  /// Digests of all files, by path.
  private let digests: [String: String]
  /// Files that an envelope in their folder attests.
  private(set) var attestedPaths: Set<String> = []

  init(_ files: [ParsedFile]) {
    digests = Dictionary(
      files.map { ($0.file.path, $0.record.sha256) }, uniquingKeysWith: { first, _ in first })
    var keys: [(path: String, key: VerificationKey)] = []
    var found: [(path: String, bytes: [UInt8])] = []
    for file in files {
      if case .evidence(let bytes) = file.content { found.append((file.file.path, bytes)) }
      if let pem = file.publicKey, let key = try? VerificationKey(pem: pem) {
        keys.append((file.file.path, key))
      }
    }
    // A key says nothing where there is no evidence to check with it.
    guard !found.isEmpty else { return }
    self.keys = keys
    for (path, bytes) in found {
      let outcome = verify(bytes, at: path)
      envelopes.append(Envelope(path: path, bytes: bytes, outcome: outcome))
      attestedPaths.formUnion(
        (outcome.run?.subjects ?? []).map { EvidenceReading.folder(of: path) + $0.name })
    }
  }

  /// Whether the public key of this file was used.
  func isKey(_ path: String) -> Bool { keys.contains { $0.path == path } }

  /// One for each envelope, in the order of their paths.
  func facts() -> [EvidenceFact] {
    let runs = envelopes.compactMap(\.outcome.run)
    var ofChain: [String: [String]] = [:]
    for problem in EvidenceChain.problems(in: runs) where problem.isFailure {
      for id in problem.runIDs { ofChain[id, default: []].append(problem.description) }
    }
    return envelopes.map { envelope in
      let run = envelope.outcome.run
      let problems = envelope.outcome.problems.filter { $0.isFailure && $0 != .unsigned }
      return EvidenceFact(
        runID: run?.runID, sequence: run?.sequence, asOf: run?.asOf,
        signature: signature(envelope.outcome.problems),
        problems: problems.map(\.description) + (run.flatMap { ofChain[$0.runID] } ?? []),
        location: SourceLocation(path: envelope.path))
    }
  }

  /// By the key that fits best, where there are several.
  private func verify(_ bytes: [UInt8], at path: String) -> EvidenceVerifier.Outcome {
    let folder = EvidenceReading.folder(of: path)
    var files: [String: String] = [:]
    for (other, digest) in digests where other.hasPrefix(folder) && other != path {
      files[String(other.dropFirst(folder.count))] = digest
    }
    let outcomes = (keys.isEmpty ? [nil] : keys.map { Optional($0.key) }).map {
      EvidenceVerifier.verify(envelope: bytes, key: $0, files: files)
    }
    var best =
      outcomes.first { outcome in !outcome.problems.contains(where: \.isOfSignature) }
      ?? outcomes[0]
    // An envelope alone, as an archive of the chain keeps it, says nothing of the files.
    let subjects = best.run?.subjects ?? []
    if !subjects.contains(where: { files[$0.name] != nil }) {
      best.problems.removeAll { problem in
        if case .subjectMissing = problem { true } else { false }
      }
    }
    return best
  }

  private func signature(_ problems: [EvidenceProblem]) -> EvidenceFact.Signature {
    for problem in problems {
      switch problem {
      case .unsigned: return .none
      case .signatureNotChecked: return .notChecked
      case .signatureInvalid, .notSignedByKey, .malformedEnvelope: return .invalid
      default: break
      }
    }
    return .valid
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}

extension EvidenceProblem {
  fileprivate var isOfSignature: Bool {
    switch self {
    case .unsigned, .signatureInvalid, .notSignedByKey, .signatureNotChecked: true
    default: false
    }
  }

  /// The runs that a problem of the chain is about.
  fileprivate var runIDs: [String] {
    switch self {
    case .chainFork(_, let ids): ids
    case .previousMismatch(let id, _, _), .timeRunsBackwards(let id): [id]
    default: []
    }
  }
}

extension ParsedFile {
  /// Evidence of a run; other statements in envelopes of the same kind are none of ours.
  mutating func readEvidence(_ bytes: [UInt8]) {
    guard let envelope = try? DSSEEnvelope(line: bytes) else {
      content = .evidence(bytes)
      return
    }
    do throws(EvidenceProblem) {
      _ = try AttestedRun(payload: envelope.payload)
      content = .evidence(bytes)
    } catch .wrongPredicateType(let type) {
      content = .unknown("it is an attestation of the type \"\(type.prefix(80))\", no audit run")
    } catch {
      content = .evidence(bytes)
    }
  }
}
