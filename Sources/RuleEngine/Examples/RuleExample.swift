package import AuditModel
package import MeshModel

/// An example of a rule: small inputs that must, or must not, give its finding, or that it cannot judge.
///
/// Test and documentation in one.
package struct RuleExample: Sendable, Hashable {
  /// What the rule must say of it.
  package enum Outcome: String, Sendable, Hashable, CaseIterable {
    case fail
    case pass
    case notAssessed = "not-assessed"

    /// The outcome that the name of an example starts with.
    init?(exampleName name: String) {
      guard let outcome = Outcome.allCases.first(where: { name.hasPrefix($0.rawValue + "-") })
      else {
        return nil
      }
      self = outcome
    }
  }

  /// A failure that must be found.
  package struct Expectation: Sendable, Hashable {
    package var ruleID: String
    /// Path inside the example; nil when any place will do.
    package var file: String?
    package var line: Int?
    package var subject: String?

    package init(ruleID: String, file: String?, line: Int?, subject: String?) {
      self.ruleID = ruleID
      self.file = file
      self.line = line
      self.subject = subject
    }

    var text: String {
      let place = file.map { file in " at \(file)" + (line.map { ":\($0)" } ?? "") } ?? ""
      return ruleID + (subject.map { " on \"\($0)\"" } ?? "") + place
    }

    func fits(_ finding: Finding) -> Bool {
      guard finding.ruleID == ruleID else { return false }
      if let subject, finding.subject != subject { return false }
      guard let file else { return true }
      guard let place = finding.location, RuleExample.isPath(place.path, file) else { return false }
      return line.map { $0 == place.line } ?? true
    }
  }

  /// The inputs of one of several audits over one database.
  package struct Run: Sendable, Hashable {
    /// The day that the audit speaks of, at 06:00.
    package var asOf: UTCTime
    package var files: [EmbeddedFile]
  }

  package var ruleID: String
  /// `fail-…`, `pass-…` or `not-assessed-…`, without an ending.
  package var name: String
  package var outcome: Outcome
  /// The inputs, with paths inside the example; never the sidecar `expect.yaml`.
  package var files: [EmbeddedFile]
  /// Audits that came before, oldest first, where the rule looks at more than one.
  package var earlierRuns: [Run] = []
  package var expectations: [Expectation]

  package init(
    ruleID: String, name: String, outcome: Outcome, files: [EmbeddedFile],
    expectations: [Expectation]
  ) {
    self.ruleID = ruleID
    self.name = name
    self.outcome = outcome
    self.files = files
    self.expectations = expectations
  }

  /// Whether it shows two states, the folders `base` and `head`.
  package var isChange: Bool {
    ["base/", "head/"].allSatisfy { side in files.contains { $0.path.hasPrefix(side) } }
  }

  /// What the findings of an audit of the example miss or have too many of, one sentence each.
  ///
  /// A failing example must give every expected failure and no other of its rule; a passing one must be
  /// assessed and pass, not merely fail to fail; one that cannot be judged must say so.
  package func check(findings: [Finding]) -> [String] {
    var mismatches: [String] = []
    let own = findings.filter { $0.ruleID == ruleID }
    for finding in own
    where finding.status == .error || (finding.status == .notAssessed && outcome != .notAssessed) {
      mismatches.append("\(name): \(ruleID) is \(finding.status.rawValue): \(finding.message)")
    }
    let failures = findings.filter { $0.status == .fail }
    for expectation in expectations where !failures.contains(where: expectation.fits) {
      let found = own.filter { $0.status == .fail }.map(RuleExample.text)
      let seen = found.isEmpty ? "found none" : "found \(found.joined(separator: ", "))"
      mismatches.append("\(name): expected \(expectation.text), \(seen)")
    }
    for failure in failures where failure.ruleID == ruleID {
      if !expectations.contains(where: { $0.fits(failure) }) {
        mismatches.append("\(name): unexpected \(RuleExample.text(failure)): \(failure.message)")
      }
    }
    if outcome == .pass, !own.contains(where: { $0.status == .pass }) {
      mismatches.append("\(name): \(ruleID) passes nothing; the example shows no neighbour")
    }
    if outcome == .notAssessed, !own.contains(where: { $0.status == .notAssessed }) {
      mismatches.append("\(name): \(ruleID) assesses all of it")
    }
    return mismatches
  }

  private static func text(_ finding: Finding) -> String {
    "\(finding.ruleID) on \"\(finding.subject)\""
      + (finding.location.map { " at \($0)" } ?? "")
  }

  /// Whether a path ends in the example's own path.
  private static func isPath(_ path: String, _ own: String) -> Bool {
    path == own || path.hasSuffix("/" + own)
  }
}
