import AuditModel

/// What the evidence of a run says about one control.
///
/// Never whether it is met.
struct ControlBearing {
  /// The weightiest of what its rules say, weightiest first.
  enum Outcome: String, CaseIterable {
    case contradicts
    /// A rule that bears on it could not be assessed; never shown as support.
    case notAssessed = "not-assessed"
    /// A document that it asks for is absent.
    case documentAbsent = "document-absent"
    case supports
    case documentPresent = "document-present"
    case noBearing = "no-bearing"

    /// As the page prints it.
    var text: String {
      switch self {
      case .contradicts: "contradicts"
      case .notAssessed: "not assessed"
      case .documentAbsent: "document absent"
      case .supports: "supports"
      case .documentPresent: "document present"
      case .noBearing: "no bearing"
      }
    }
  }

  /// What one rule says.
  struct Line {
    var ruleID: String
    var outcome: Outcome
    var failCount: Int
    var waivedCount: Int
    var passCount: Int
  }

  let lines: [Line]
  let outcome: Outcome
  /// Whether all that contradicts is waived.
  let isWaived: Bool

  /// Only results that fall under the control count.
  ///
  /// Where the control applies only on certain routes (`appliesFrom` of the frameworks' data; Regulation
  /// (EU) 2024/1689, Article 113: by Annex III or Annex I), a rule about workloads bears on it through the
  /// AI systems of that route alone. Rules that read the register choose their systems themselves.
  ///
  /// With `systemID`, only what speaks of that AI system counts, and rules that could not be assessed for any.
  init(_ control: Control, in figures: ReportFigures, on systemID: String? = nil) {
    let routes = Set(control.appliesFrom.map(\.route))
    let isRouted = !routes.isEmpty && !routes.contains("")
    let systemIDs = Set(
      figures.report.systems.lazy.filter { $0.route.map(routes.contains) ?? false }.map(\.id))
    var lines: [Line] = []
    for mapping in control.mappings {
      guard let rule = figures.rule(mapping.ruleID) else { continue }
      let isLimited = isRouted && !rule.needs.contains(.register)
      let findings = figures.findings(of: rule.id).filter { finding in
        if let systemID { return finding.concerns(systemID) }
        guard isLimited, finding.status != .notAssessed, finding.status != .error else {
          return true
        }
        return finding.systemIDs.contains(where: systemIDs.contains)
      }
      lines.append(ControlBearing.line(mapping, findings))
    }
    let outcome =
      Outcome.allCases.first { outcome in lines.contains { $0.outcome == outcome } } ?? .noBearing
    let isContradicted = outcome == .contradicts || outcome == .documentAbsent
    isWaived =
      isContradicted && !lines.contains { $0.outcome == outcome && $0.failCount > 0 }
    self.lines = lines
    self.outcome = outcome
  }

  private static func line(_ mapping: Control.Mapping, _ findings: [Finding]) -> Line {
    func count(_ status: FindingStatus) -> Int { findings.count { $0.status == status } }
    let failCount = count(.fail)
    let waivedCount = count(.waived)
    let passCount = count(.pass)
    let outcome: Outcome
    if failCount + waivedCount > 0, mapping.effects.contains(.contradicts) {
      outcome = .contradicts
    } else if count(.notAssessed) + count(.error) > 0 {
      outcome = .notAssessed
    } else if failCount + waivedCount > 0 {
      outcome = mapping.effects.contains(.documents) ? .documentAbsent : .noBearing
    } else if passCount > 0, mapping.effects.contains(.supports) {
      outcome = .supports
    } else if passCount > 0, mapping.effects.contains(.documents) {
      outcome = .documentPresent
    } else {
      outcome = .noBearing
    }
    return Line(
      ruleID: mapping.ruleID, outcome: outcome, failCount: failCount, waivedCount: waivedCount,
      passCount: passCount)
  }
}

extension Finding {
  /// Whether it speaks of the system, or says that its rule could not be assessed for any.
  func concerns(_ systemID: String) -> Bool {
    systemIDs.contains(systemID)
      || (subject == "(rule)" && (status == .notAssessed || status == .error))
  }
}
