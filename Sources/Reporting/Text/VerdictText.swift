import AuditModel

/// The verdict in words: clean, findings, not fully assessed.
///
/// Never "compliant".
enum VerdictText {
  static func headline(_ figures: ReportFigures) -> String {
    switch figures.verdict.outcome {
    case .clean: "clean"
    case .findings: "findings"
    case .incomplete: "not fully assessed"
    }
  }

  /// What is open, and how much could be asked.
  ///
  /// The gaps are listed beside it.
  static func sentence(_ figures: ReportFigures) -> String {
    let gate = figures.report.run.failOn.map { "\($0.rawValue) or above" }
    let gated = figures.verdict.gatedCount
    let found: String
    if figures.failCount == 0 {
      found =
        figures.waivedCount == 0
        ? "No finding is open" : "No finding is open beside the waived ones"
    } else if let gate {
      let total = Count.of(figures.failCount, "open finding")
      found =
        gated == 0 ? "\(total), none at \(gate)" : "\(total), \(Count.grouped(gated)) at \(gate)"
    } else {
      found = "\(Count.of(figures.failCount, "open finding")); no gate was set"
    }
    return "\(found). \(coverage(figures))"
  }

  static func coverage(_ figures: ReportFigures) -> String {
    if figures.unassessedRuleIDs.isEmpty, figures.rules.count == 1 {
      return "The one selected rule could be assessed."
    }
    return figures.unassessedRuleIDs.isEmpty
      ? "All \(Count.of(figures.rules.count, "selected rule")) could be assessed."
      : "\(figures.assessedRuleCount) of \(Count.of(figures.rules.count, "selected rule")) "
        + "could be assessed."
  }
}
