/// What a run comes to, and the exit code that says so (DESIGN.md section 4).
package struct Verdict: Sendable, Hashable {
  package enum Outcome: String, Sendable, Hashable {
    /// Assessed, and nothing at or above the gate.
    case clean
    /// Failures at or above the gate.
    case findings
    /// Could not be fully assessed; wins over findings.
    case incomplete
  }

  package var outcome: Outcome
  /// Why it is incomplete, one sentence each, sorted.
  package var gaps: [String]
  /// Failures at or above the gate.
  package var gatedCount: Int

  package init(outcome: Outcome, gaps: [String], gatedCount: Int) {
    self.outcome = outcome
    self.gaps = gaps
    self.gatedCount = gatedCount
  }

  package var exitCode: Int32 {
    switch outcome {
    case .clean: 0
    case .findings: 1
    case .incomplete: 2
    }
  }
}

extension AuditReport {
  /// Failures by severity; waived ones are not among them.
  package var failCounts: [Severity: Int] {
    findings.reduce(into: [:]) { counts, finding in
      if finding.status == .fail { counts[finding.severity, default: 0] += 1 }
    }
  }

  /// Results by status.
  package var statusCounts: [FindingStatus: Int] {
    findings.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
  }

  /// Rules that could be assessed, of all that were selected; 1 when none was selected.
  package var ruleCoverage: Double {
    guard !rules.isEmpty else { return 1 }
    let open = Set(
      findings.lazy.filter { $0.status == .notAssessed || $0.status == .error }.map(\.ruleID))
    return Double(rules.count - open.count) / Double(rules.count)
  }

  /// The verdict under the run's gate.
  ///
  /// A selected rule that could not be assessed makes the run incomplete when coverage falls below
  /// `minimumCoverage` (0 to 1; by default every selected rule must be assessed). An input that was given
  /// and could not be read, and a rule that failed, always do: the user handed it over to be assessed. So
  /// does a missing Namespace that would tell whether workloads belong to a mesh.
  package func verdict(minimumCoverage: Double = 1) -> Verdict {
    var gaps: [String] = []
    for input in inputs {
      switch input.status {
      case .failed: gaps.append("\(input.path) could not be read: \(input.reason ?? "no reason")")
      case .partial:
        gaps.append("\(input.path) was read in part: \(input.reason ?? "some of it was rejected")")
      case .read, .known, .unrecognised: break
      }
    }
    if !inputs.contains(where: {
      $0.status == .read || $0.status == .partial || $0.status == .known
    }) {
      gaps.append("no input was recognised")
    }
    gaps += AuditReport.missingNamespaces(
      scope.namespaces.map { ($0.name, $0.undeterminedCount ?? 0) })
    gaps += openRuleGaps(minimumCoverage: minimumCoverage)
    let gate = run.failOn
    let gated = findings.lazy.filter { finding in
      // Against a baseline only what is new fails the gate; what cannot be compared counts as new.
      finding.status == .fail && finding.isNew != false
        && gate.map { finding.severity >= $0 } ?? false
    }.count
    let outcome: Verdict.Outcome = !gaps.isEmpty ? .incomplete : gated > 0 ? .findings : .clean
    return Verdict(outcome: outcome, gaps: gaps.sorted(), gatedCount: gated)
  }

  /// What the Namespaces that are not in the inputs leave open, in one sentence; empty where nothing is.
  ///
  /// - Parameter undetermined: by namespace, the workloads that may have a proxy or none.
  package static func missingNamespaces(_ undetermined: [(name: String, count: Int)]) -> [String] {
    let open = undetermined.filter { $0.count > 0 }.sorted { $0.name < $1.name }
    guard !open.isEmpty else { return [] }
    let total = open.reduce(0) { $0 + $1.count }
    let names = listed(open.map(\.name))
    return [
      open.count == 1
        ? "Namespace \(names) is not in the inputs, and only it tells whether "
          + "\(total == 1 ? "1 workload has" : "\(total) workloads have") a proxy"
        : "Namespaces \(names) are not in the inputs, and only they tell whether "
          + "\(total) workloads have a proxy"
    ]
  }

  /// `a, b, c and 4 more`.
  private static func listed(_ names: [String]) -> String {
    let rest = names.count - 3
    guard rest > 1 else {
      return names.count < 2
        ? names.joined()
        : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
    return names.prefix(3).joined(separator: ", ") + " and \(rest) more"
  }

  /// One sentence for each rule that failed to run and, below the minimum coverage, for those that could
  /// not be assessed for the same first reason.
  private func openRuleGaps(minimumCoverage: Double) -> [String] {
    let failed = Set(findings.lazy.filter { $0.status == .error }.map(\.ruleID))
    var gaps = failed.sorted().map { "rule \($0) failed to run" }
    guard ruleCoverage < minimumCoverage else { return gaps }
    let open = Dictionary(grouping: findings.filter { $0.status == .notAssessed }, by: \.ruleID)
    let reasons = open.mapValues { results in
      let count = results.count == 1 ? "" : " (and \(results.count - 1) more)"
      return (results.map(\.message).min() ?? "") + count
    }
    for (reason, rules) in Dictionary(grouping: reasons.keys, by: { reasons[$0] ?? "" }) {
      let subject = rules.count == 1 ? "rule" : "rules"
      gaps.append("\(subject) \(AuditReport.listed(rules.sorted())): \(reason)")
    }
    return gaps
  }
}
