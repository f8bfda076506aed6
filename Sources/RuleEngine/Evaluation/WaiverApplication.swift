package import AuditModel
package import MeshModel

/// Lays waivers over findings: what an accepted risk covers is `waived`, visible and counted, and the
/// waivers are checked themselves.
package enum WaiverApplication {
  /// Rules that nobody can waive: the evidence itself, and prohibited practices.
  static let neverWaived: Set<String> = ["RK-012", "RK-013", "AI-005"]

  /// The longest time in days between creation and end.
  static func longestDays(_ severity: Severity) -> Int {
    switch severity {
    case .critical, .high: 90
    case .medium: 180
    case .low, .info: 365
    }
  }

  /// Days before the end from which on a waiver is reported.
  static let warningDays = 14

  /// Findings with `waived` where a live, approved waiver holds, and the findings of `MA-W01` to
  /// `MA-W07`; in `Finding.isBefore` order.
  ///
  /// - Parameters:
  ///   - knownRules: ids and aliases of all rules, also of those that were not selected.
  ///   - hash: SHA-256 in lower-case hex.
  package static func apply(
    _ waivers: [Waiver], to findings: consuming [Finding], knownRules: Set<String>, asOf: UTCTime,
    hash: ([UInt8]) -> String
  ) -> [Finding] {
    // Waivers that cover one finding are all told so: what is waived is settled at the end.
    var accepted: [(index: Int, waiverID: String)] = []
    var notes: [Finding] = []
    for waiver in waivers.sorted(by: { $0.id < $1.id }) {
      let examination = WaiverExamination(
        waiver: waiver, findings: copy findings, knownRules: knownRules, asOf: asOf)
      accepted += examination.covered.map { ($0, waiver.id) }
      let problems = examination.problems
      for problem in problems {
        notes.append(note(problem.id, waiver, .fail, problem.message, hash))
      }
      if problems.isEmpty {
        notes.append(
          note(
            "MA-W01", waiver, .pass,
            "waiver \"\(waiver.id)\" is live until \(waiver.expires.dayText)", hash))
      }
    }
    for (index, waiverID) in accepted where findings[index].status == .fail {
      findings[index].status = .waived
      findings[index].waiverID = waiverID
    }
    findings += notes
    findings.sort(by: Finding.isBefore)
    return findings
  }

  private static func note(
    _ id: String, _ waiver: Waiver, _ status: FindingStatus, _ message: String,
    _ hash: ([UInt8]) -> String
  ) -> Finding {
    let subject = "waiver \(waiver.id)"
    return Finding(
      ruleID: id, subject: subject, status: status, severity: WaiverRules.severity(id),
      message: message, location: waiver.location,
      evidence: [
        "waiver": .string(waiver.id), "rules": .array(waiver.rules.map { .string($0) }),
        "created": .string(waiver.created.dayText), "expires": .string(waiver.expires.dayText),
        "owner": .string(waiver.owner),
      ],
      fingerprint: Fingerprint.of(ruleID: id, subject: subject, discriminator: "", hash: hash))
  }
}

/// What one waiver covers, and what is wrong with it.
private struct WaiverExamination {
  struct Problem {
    var id: String
    var message: String
  }

  /// Positions of the findings that it accepts.
  private(set) var covered: [Int] = []
  private(set) var problems: [Problem] = []
  private let waiver: Waiver

  init(waiver: Waiver, findings: [Finding], knownRules: Set<String>, asOf: UTCTime) {
    self.waiver = waiver
    let name = "waiver \"\(waiver.id)\""
    let usableRules = checkRules(knownRules, name)
    let matches = findings.indices.filter { index in
      let finding = findings[index]
      return finding.status == .fail && usableRules.contains(finding.ruleID)
        && matchesSubject(finding)
    }
    // The end day belongs to the waiver, in UTC.
    if asOf >= waiver.expires.adding(days: 1) {
      let count = matches.isEmpty ? "" : "; \(WaiverExamination.count(matches.count)) count again"
      add("MA-W01", "\(name) expired on \(waiver.expires.dayText)\(count)")
      return
    }
    if asOf < waiver.created {
      add("MA-W03", "\(name) does not hold before \(waiver.created.dayText)")
      return
    }
    if asOf >= waiver.expires.adding(days: 1 - WaiverApplication.warningDays) {
      add("MA-W02", "\(name) expires on \(waiver.expires.dayText)")
    }
    if matches.isEmpty {
      if !usableRules.isEmpty { add("MA-W03", "\(name) matches no finding") }
      return
    }
    if let most = waiver.maxMatches, matches.count > most {
      add(
        "MA-W05",
        "\(name) matches \(WaiverExamination.count(matches.count)), \(most) were approved")
      return
    }
    guard checkApproval(matches.map { findings[$0].severity }, name) else { return }
    covered = coveredWithinLongestTime(matches, findings, asOf, name)
  }

  private mutating func checkRules(_ known: Set<String>, _ name: String) -> Set<String> {
    var usable: Set<String> = []
    for rule in waiver.rules {
      if !known.contains(rule), !rule.hasPrefix("MA-") {
        add("MA-W04", "\(name) names the rule \"\(rule)\", which does not exist")
      } else if WaiverApplication.neverWaived.contains(rule) || rule.hasPrefix("MA-") {
        add("MA-W04", "\(name) names the rule \"\(rule)\", which cannot be waived")
      } else {
        usable.insert(rule)
      }
    }
    return usable
  }

  /// A glob without `maxMatches` matches nothing: it would accept what nobody has seen.
  private func matchesSubject(_ finding: Finding) -> Bool {
    if let fingerprint = waiver.fingerprint { return finding.fingerprint == fingerprint }
    guard let subject = waiver.subject else { return false }
    if subject.hasSuffix("*") {
      return waiver.maxMatches != nil && finding.subject.hasPrefix(subject.dropLast())
    }
    return finding.subject == subject
  }

  private mutating func checkApproval(_ severities: [Severity], _ name: String) -> Bool {
    let approvers = Set(waiver.approvals.map(\.name).filter { $0 != waiver.owner })
    let needed = severities.contains { $0 >= .high } ? 2 : 1
    if approvers.count >= needed { return true }
    let found = approvers.isEmpty ? "nobody" : "\(approvers.count)"
    add(
      "MA-W06",
      "\(name) is approved by \(found) besides its owner, \(needed) needed; it does not hold")
    return false
  }

  private mutating func coveredWithinLongestTime(
    _ matches: [Int], _ findings: [Finding], _ asOf: UTCTime, _ name: String
  ) -> [Int] {
    let days = (waiver.expires.seconds - waiver.created.seconds) / 86_400
    var shortest = Int.max
    let live = matches.filter { index in
      let longest = WaiverApplication.longestDays(findings[index].severity)
      if days > longest { shortest = min(shortest, longest) }
      return asOf < waiver.created.adding(days: longest + 1)
    }
    if shortest < Int.max {
      add("MA-W07", "\(name) runs for \(days) days, at most \(shortest) are allowed")
    }
    return live
  }

  private mutating func add(_ id: String, _ message: String) {
    // One finding for each check: further rules of one waiver add nothing new to decide.
    if let index = problems.firstIndex(where: { $0.id == id }) {
      problems[index].message += "; " + message
    } else {
      problems.append(Problem(id: id, message: message))
    }
  }

  private static func count(_ count: Int) -> String {
    count == 1 ? "1 finding" : "\(count) findings"
  }
}
