package import AuditModel
package import MeshModel

/// The failures of an earlier run that later runs are compared with.
package struct Baseline: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package var fingerprint: String
    package var ruleID: String
    package var subject: String

    package init(fingerprint: String, ruleID: String, subject: String) {
      self.fingerprint = fingerprint
      self.ruleID = ruleID
      self.subject = subject
    }
  }

  package var entries: [Entry]
  /// Rules that were assessed then, failing or not.
  package var assessedRules: Set<String>
  /// What was looked at: names of namespaces, kinds of input.
  ///
  /// Less of it now means that what is gone may only be out of sight.
  package var scope: Set<String>

  /// The moment that its run spoke of.
  package var asOf: UTCTime?

  package init(
    entries: [Entry], assessedRules: Set<String>, scope: Set<String>, asOf: UTCTime? = nil
  ) {
    self.entries = entries
    self.assessedRules = assessedRules
    self.scope = scope
    self.asOf = asOf
  }

  /// The baseline that a run's findings make.
  package init(findings: [Finding], scope: Set<String>) {
    entries = findings.filter { $0.status == .fail || $0.status == .waived }.map {
      Entry(fingerprint: $0.fingerprint, ruleID: $0.ruleID, subject: $0.subject)
    }.sorted { $0.fingerprint < $1.fingerprint }
    assessedRules = BaselineComparison.assessedRules(findings)
    self.scope = scope
  }
}

/// What changed between a baseline and now.
///
/// New, resolved, unchanged, or incomparable because one side did not look; incomparable is never counted
/// as resolved.
package struct BaselineComparison: Sendable {
  /// Fingerprints of failures that the baseline does not have, though it assessed their rule.
  package var new: Set<String> = []
  /// Entries whose subject was assessed again and no longer fails, or is gone with the scope unchanged.
  package var resolved: [Baseline.Entry] = []
  package var unchanged: Set<String> = []
  /// Failures now under rules that the baseline did not assess.
  package var incomparable: Set<String> = []
  /// Entries whose rule or subject is not in sight now.
  package var outOfSight: [Baseline.Entry] = []

  package init(baseline: Baseline, findings: [Finding], scope: Set<String>) {
    let assessed = BaselineComparison.assessedRules(findings)
    let before = Set(baseline.entries.map(\.fingerprint))
    let failing = findings.filter { $0.status == .fail || $0.status == .waived }
    for finding in failing {
      if before.contains(finding.fingerprint) {
        unchanged.insert(finding.fingerprint)
      } else if baseline.assessedRules.contains(finding.ruleID) {
        new.insert(finding.fingerprint)
      } else {
        incomparable.insert(finding.fingerprint)
      }
    }
    let seenSubjects = Set(findings.map { "\($0.ruleID)\u{0}\($0.subject)" })
    let isScopeKept = baseline.scope.isSubset(of: scope)
    for entry in baseline.entries where !unchanged.contains(entry.fingerprint) {
      let isSeen = seenSubjects.contains("\(entry.ruleID)\u{0}\(entry.subject)")
      if assessed.contains(entry.ruleID), isSeen || isScopeKept {
        resolved.append(entry)
      } else {
        outOfSight.append(entry)
      }
    }
  }

  /// The findings with `isNew` set; a failure that cannot be compared counts as new, because the gate
  /// must not be passed by looking away.
  package func marking(_ findings: [Finding]) -> [Finding] {
    findings.map { finding in
      var finding = finding
      if finding.status == .fail || finding.status == .waived {
        finding.isNew = !unchanged.contains(finding.fingerprint)
      }
      return finding
    }
  }

  /// Rules with a result other than `not-assessed` and `error`.
  static func assessedRules(_ findings: [Finding]) -> Set<String> {
    let open = Set(
      findings.filter { $0.status == .notAssessed || $0.status == .error }.map(\.ruleID))
    return Set(findings.map(\.ruleID)).subtracting(open)
  }
}
