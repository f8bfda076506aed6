/// Verifies that runs follow one another: what was signed night by night has not been taken away,
/// replaced or put in later.
package enum EvidenceChain {
  /// Every problem of a set of runs, in any order.
  ///
  /// Numbers go up by one, each run names the digest of the one before, and none starts before its
  /// predecessor. A missing number is a gap, two runs with one number are a fork. Whoever holds the
  /// key can still make a whole new chain: only a digest published elsewhere, `head`, shows that.
  package static func problems(in runs: [AttestedRun], head: String? = nil) -> [EvidenceProblem] {
    var problems: [EvidenceProblem] = []
    let bySequence = Dictionary(grouping: runs, by: \.sequence)
    let sequences = bySequence.keys.sorted()
    for sequence in sequences {
      let siblings = distinct(bySequence[sequence] ?? [])
      if siblings.count > 1 {
        problems.append(.chainFork(sequence: sequence, runIDs: siblings.map(\.runID).sorted()))
      }
    }
    var before: AttestedRun?
    for sequence in sequences {
      guard let run = distinct(bySequence[sequence] ?? []).first else { continue }
      if let before {
        problems += problemsOfLink(from: before, to: run)
      } else {
        problems += problemsOfStart(run)
      }
      before = run
    }
    if let head, !runs.contains(where: { $0.payloadSHA256 == head }) {
      problems.append(.headMissing(payloadSHA256: head))
    }
    return problems
  }

  /// One copy of each, those with the smallest digest first, so that the order of files does not
  /// matter.
  private static func distinct(_ runs: [AttestedRun]) -> [AttestedRun] {
    var seen: Set<String> = []
    return runs.sorted { $0.payloadSHA256 < $1.payloadSHA256 }
      .filter { seen.insert($0.payloadSHA256).inserted }
  }

  private static func problemsOfStart(_ run: AttestedRun) -> [EvidenceProblem] {
    switch (run.sequence, run.previous) {
    case (...1, nil): return []
    case (...1, let previous?):
      return [
        .previousMismatch(runID: run.runID, expected: "no run", found: previous.payloadSHA256)
      ]
    case (_, nil):
      return [
        .previousMismatch(runID: run.runID, expected: "run \(run.sequence - 1)", found: nil)
      ]
    case (_, .some): return [.chainGap(after: 0, before: run.sequence)]
    }
  }

  private static func problemsOfLink(from before: AttestedRun, to run: AttestedRun)
    -> [EvidenceProblem]
  {
    var problems: [EvidenceProblem] = []
    if run.sequence > before.sequence + 1 {
      problems.append(.chainGap(after: before.sequence, before: run.sequence))
      if run.previous?.sequence != run.sequence - 1 {
        problems.append(
          .previousMismatch(
            runID: run.runID, expected: "run \(run.sequence - 1)",
            found: run.previous.map { "run \($0.sequence)" }))
      }
    } else if run.previous?.payloadSHA256 != before.payloadSHA256
      || run.previous?.sequence != before.sequence || run.previous?.runID != before.runID
    {
      problems.append(
        .previousMismatch(
          runID: run.runID, expected: before.payloadSHA256, found: run.previous?.payloadSHA256))
    }
    if run.startedOn < before.startedOn { problems.append(.timeRunsBackwards(runID: run.runID)) }
    return problems
  }
}
