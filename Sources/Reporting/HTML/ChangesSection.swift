import AuditModel
import MeshModel

/// What is new against the baseline, and how the runs before this one came out.
extension OfficerPage {
  /// Runs in the trend, this one among them.
  private static var runLimit: Int { 12 }

  func writeChanges(_ page: inout HTMLWriter) {
    if figures.hasBaseline {
      page.paragraph(
        "Against the baseline, \(Count.of(figures.newCount, "open finding")) "
          + "\(figures.newCount == 1 ? "is" : "are") new and "
          + "\(Count.grouped(figures.knownCount)) \(figures.knownCount == 1 ? "was" : "were") known."
      )
      writeNew(&page)
    } else {
      page.paragraph(
        "No baseline was given, so this report cannot tell which findings are new.")
    }
    writeTrend(&page)
  }

  private func writeNew(_ page: inout HTMLWriter) {
    let new = figures.findings.filter { $0.status == .fail && $0.isNew == true }
    guard !new.isEmpty else { return }
    let shown = new.prefix(20)
    let caption =
      shown.count < new.count
      ? "New findings, the \(shown.count) most urgent of \(Count.grouped(new.count))"
      : "New findings"
    page.table(caption, [.text("Severity"), .text("Rule"), .text("Subject")]) { page in
      for finding in shown {
        page.row { page in
          page.cell { $0.severity(finding.severity) }
          page.cell { writeLink(toRule: finding.ruleID, &$0) }
          page.cell { writeLink(to: finding, &$0) }
        }
      }
    }
  }

  private func writeTrend(_ page: inout HTMLWriter) {
    let now = AuditReport.HistoryLine(
      runID: report.run.id, asOf: report.run.asOf, failCounts: figures.failCounts,
      notAssessedRuleCount: figures.unassessedRuleIDs.count)
    guard !report.history.isEmpty else {
      page.paragraph("This is the first run in its database; a trend needs two.")
      return
    }
    let lines = Array((report.history + [now]).suffix(OfficerPage.runLimit))
    TrendChart(lines).write(to: &page)
    page.table(
      "Open findings by run, oldest first",
      [.text("As of")] + Severity.allCases.map { .number($0.rawValue) }
        + [.number("All"), .number("Rules not assessed")]
    ) { page in
      for line in lines {
        page.row { page in
          page.rowHeader { page in
            page.time(line.asOf)
            if line.runID == now.runID { page.text(" (this run)") }
          }
          for severity in Severity.allCases { page.cell(line.failCounts[severity] ?? 0) }
          page.cell(line.failCounts.values.reduce(0, +))
          page.cell(line.notAssessedRuleCount)
        }
      }
    }
  }
}
