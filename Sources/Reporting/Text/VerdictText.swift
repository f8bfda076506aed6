import AuditModel

/// The verdict in words: clean, findings, not fully assessed. Never "compliant".
enum VerdictText {
  static func headline(_ figures: ReportFigures) -> String {
    switch figures.verdict.outcome {
    case .clean: "clean"
    case .findings: "findings"
    case .incomplete: "not fully assessed"
    }
  }

  /// One or two sentences; `markup` escapes what comes from the user.
  static func sentence(_ figures: ReportFigures, markup: (String) -> String = { $0 }) -> String {
    let gate = figures.report.run.failOn.map { "\($0.rawValue) or above" }
    let gated = figures.verdict.gatedCount
    let found: String
    if figures.failCount == 0 {
      found =
        figures.waivedCount == 0
        ? "No finding is open" : "No finding is open beside the waived ones"
    } else if let gate {
      found =
        gated == 0
        ? "\(Count.of(figures.failCount, "finding")) below the gate (\(gate)), none at it"
        : "\(Count.of(gated, "finding")) at \(gate), of \(Count.grouped(figures.failCount)) in all"
    } else {
      found = "\(Count.of(figures.failCount, "finding")); no gate was set"
    }
    switch figures.verdict.outcome {
    case .clean:
      return "\(found). \(coverage(figures))"
    case .findings:
      return "\(found). \(coverage(figures))"
    case .incomplete:
      let first = figures.verdict.gaps.first.map(markup) ?? ""
      let more =
        figures.verdict.gaps.count > 1
        ? " (and \(Count.of(figures.verdict.gaps.count - 1, "more reason")))" : ""
      return "Not everything could be assessed: \(first)\(more). \(found)."
    }
  }

  static func coverage(_ figures: ReportFigures) -> String {
    figures.unassessedRuleIDs.isEmpty
      ? "All \(Count.of(figures.rules.count, "selected rule")) could be assessed."
      : "\(figures.assessedRuleCount) of \(Count.of(figures.rules.count, "selected rule")) "
        + "could be assessed."
  }
}
