import MeshModel

/// Looks for paths from one certificate to the anchors.
struct ChainSearch {
  /// Certificates of a path, both ends included.
  static let longestPath = 8
  /// Issuers that are looked at for one certificate over all its paths.
  static let candidateLimit = 64

  let index: ChainIndex
  let target: Int
  private let moment: UTCTime
  private var candidateCount = 0
  private var isLimited = false
  private var holding: [[Int]] = []
  private var open: [Attempt] = []
  private var failed: [Attempt] = []

  /// A path that does not hold, or does not wholly.
  private struct Attempt {
    var path: [Int]
    var problems: [CertificateChainProblem]
    var reachesAnchor: Bool
    var verifiedCount: Int

    /// It ends where no issuer is known, without anything wrong before.
    var lacksIssuer: Bool { !reachesAnchor && !problems.contains { $0.kind.breaks } }
  }

  init(index: ChainIndex, target: Int, asOf: UTCTime) {
    self.index = index
    self.target = target
    let facts = index.nodes[target].facts
    var moment = asOf
    if let end = facts.notAfter, end < moment { moment = end }
    if let start = facts.notBefore, start > moment { moment = start }
    self.moment = moment
  }

  mutating func chain(_ signatures: inout SignatureCache) -> CertificateChain {
    let node = index.nodes[target]
    step(
      Attempt(path: [target], problems: [], reachesAnchor: false, verifiedCount: 0), &signatures)
    var result = CertificateChain(
      certificateID: node.facts.id, outcome: .complete, path: [node.facts.id],
      trustDomain: node.facts.trustDomain)
    if let path = holding.first {
      result.path = ids(path)
      result.anchorID = result.path.last
      result.pathCount = holding.count
      result.anchorCount = Set(holding.compactMap { $0.last.map(anchorKey) }).count
      result.problems = keyIDProblems(path)
    } else if isLimited {
      result.outcome = .notVerifiable
      result.problems = [CertificateChainProblem(.limitReached, at: node.facts.id)]
    } else if let attempt = open.first {
      result.outcome = open.count > 1 ? .ambiguous : .notVerifiable
      take(attempt, into: &result)
    } else {
      fail(&result, &signatures)
    }
    return result
  }

  private mutating func fail(
    _ result: inout CertificateChain, _ signatures: inout SignatureCache
  ) {
    let node = index.nodes[target]
    // The path that comes furthest speaks; a broken one before one that merely ends.
    let best = failed.max { left, right in
      if left.verifiedCount != right.verifiedCount {
        return left.verifiedCount < right.verifiedCount
      }
      return left.lacksIssuer && !right.lacksIssuer
    }
    guard let best else { return }
    take(best, into: &result)
    result.outcome = best.lacksIssuer ? .missingIssuer : .broken
    guard best.lacksIssuer else { return }
    if node.der == nil, best.path.count == 1 {
      // A record names its issuer in words of its own: that none fits says nothing.
      result.outcome = .notVerifiable
      result.problems = [CertificateChainProblem(.signatureNotVerifiable, at: node.facts.id)]
    } else if node.facts.isSelfIssued == true, best.path.count == 1,
      signatures.answer(target, by: target, in: index) == .valid
    {
      result.outcome = .broken
      result.problems = [CertificateChainProblem(.selfSigned, at: node.facts.id)]
    }
  }

  private func take(_ attempt: Attempt, into result: inout CertificateChain) {
    result.path = ids(attempt.path)
    result.anchorID = attempt.reachesAnchor ? result.path.last : nil
    result.problems = attempt.problems
  }

  private func ids(_ path: [Int]) -> [String] { path.map { index.nodes[$0].facts.id } }

  private func anchorKey(_ anchor: Int) -> String {
    index.nodes[anchor].facts.spkiSHA256 ?? index.nodes[anchor].facts.id
  }

  /// Goes on from the last certificate of a path.
  private mutating func step(_ attempt: Attempt, _ signatures: inout SignatureCache) {
    guard let last = attempt.path.last else { return }
    guard attempt.path.count < Self.longestPath else {
      isLimited = true
      return
    }
    var hasIssuer = false
    // One more than may be looked at, so that going over the limit is noticed, and the path's own.
    let candidates = index.issuers(of: last, limit: Self.candidateLimit + Self.longestPath + 1)
    for issuer in candidates where !isLoop(issuer, attempt.path) {
      candidateCount += 1
      guard candidateCount <= Self.candidateLimit else {
        isLimited = true
        return
      }
      var next = attempt
      next.path.append(issuer)
      let answer = signatures.answer(last, by: issuer, in: index)
      switch answer {
      case .valid: next.verifiedCount += 1
      case .notVerifiable:
        // Another CA of the same name: its key id says that it did not sign.
        if keyIDsDiffer(last, issuer) { continue }
        next.problems.append(problem(.signatureNotVerifiable, last))
      case .invalid:
        if keyIDsDiffer(last, issuer) { continue }
        hasIssuer = true
        next.problems.append(problem(.signatureInvalid, last))
        failed.append(next)
        continue
      }
      hasIssuer = true
      check(issuer, &next)
      if index.nodes[issuer].isAnchor {
        next.reachesAnchor = true
        finish(next)
      } else {
        step(next, &signatures)
      }
    }
    if !hasIssuer { failed.append(attempt) }
  }

  private mutating func finish(_ attempt: Attempt) {
    var attempt = attempt
    if let anchor = attempt.path.last {
      let domains = index.nodes[anchor].trustDomains
      if let own = index.nodes[target].facts.trustDomain, !domains.isEmpty, !domains.contains(own) {
        attempt.problems.append(problem(.otherTrustDomain, anchor))
      }
    }
    if attempt.problems.contains(where: \.kind.breaks) {
      failed.append(attempt)
    } else if attempt.problems.contains(where: \.kind.leavesOpen) {
      open.append(attempt)
    } else {
      holding.append(attempt.path)
    }
  }

  /// The same name with the same key again leads nowhere new (RFC 4158 2.4.2).
  private func isLoop(_ issuer: Int, _ path: [Int]) -> Bool {
    let facts = index.nodes[issuer].facts
    return path.contains {
      let other = index.nodes[$0].facts
      return $0 == issuer
        || (other.subject == facts.subject && other.spkiSHA256 != nil
          && other.spkiSHA256 == facts.spkiSHA256)
    }
  }

  private func keyIDsDiffer(_ certificate: Int, _ issuer: Int) -> Bool {
    guard let wanted = index.nodes[certificate].facts.authorityKeyID,
      let own = index.nodes[issuer].facts.subjectKeyID
    else { return false }
    return wanted != own
  }

  /// Key ids that differ although the signature holds.
  private func keyIDProblems(_ path: [Int]) -> [CertificateChainProblem] {
    zip(path, path.dropFirst()).filter { keyIDsDiffer($0, $1) }.map {
      problem(.keyIDMismatch, $0.0)
    }
  }

  private func problem(_ kind: CertificateChainProblem.Kind, _ node: Int)
    -> CertificateChainProblem
  {
    CertificateChainProblem(kind, at: index.nodes[node].facts.id)
  }

  /// Checks the last certificate of a path as an issuer of those below it.
  private func check(_ issuer: Int, _ attempt: inout Attempt) {
    let node = index.nodes[issuer]
    let facts = node.facts
    func add(_ kind: CertificateChainProblem.Kind) {
      attempt.problems.append(problem(kind, issuer))
    }
    // An anchor of version 1 has no extensions; trust in it comes from outside (RFC 5280 6.1.1 (d)).
    let isOldAnchor = node.isAnchor && facts.version == 1
    if facts.isCA != true, !isOldAnchor {
      add(facts.hasBasicConstraints == nil ? .signatureNotVerifiable : .issuerNotCA)
    }
    if let usages = facts.keyUsages, !usages.isEmpty, !usages.contains("keyCertSign") {
      add(.issuerMayNotSign)
    }
    if let limit = facts.pathLength {
      // Self-issued certificates do not count, nor does the one at the end (RFC 5280 6.1.4 (l)).
      let below = attempt.path.dropFirst().dropLast().count {
        index.nodes[$0].facts.isSelfIssued != true
      }
      if below > limit { add(.pathLengthExceeded) }
    }
    if let end = facts.notAfter, let start = facts.notBefore {
      if end < moment { add(.issuerExpired) }
      if start > moment { add(.issuerNotYetValid) }
    } else {
      add(.validityUnknown)
    }
    if !facts.unknownCriticalExtensions.isEmpty { add(.unknownCriticalExtension) }
    checkNames(node, &attempt, issuer)
  }

  private func checkNames(_ node: ChainNode, _ attempt: inout Attempt, _ issuer: Int) {
    guard node.facts.hasNameConstraints == true else { return }
    guard let constraints = node.constraints else {
      attempt.problems.append(problem(.nameConstraintNotEvaluated, issuer))
      return
    }
    for (position, below) in attempt.path.dropLast().enumerated() {
      let facts = index.nodes[below].facts
      // Self-issued intermediates are exempt (RFC 5280 6.1.3 (b)).
      if position > 0, facts.isSelfIssued == true { continue }
      switch constraints.verdict(on: facts) {
      case .permitted: continue
      case .notPermitted: attempt.problems.append(problem(.nameNotPermitted, below))
      case .notEvaluated:
        attempt.problems.append(problem(.nameConstraintNotEvaluated, issuer))
      }
    }
  }
}
