import AuditModel
import MeshModel

/// Accepted risks: by whom, why, how long, and what the run would say without them.
extension OfficerPage {
  func writeWaivers(_ page: inout HTMLWriter) {
    guard !report.waivers.isEmpty || figures.waivedCount > 0 else {
      page.paragraph("No waiver was given.")
      return
    }
    page.table(
      "Open findings with and without waivers",
      [.text("Score")] + Severity.allCases.map { .number($0.rawValue) }
    ) { page in
      for (name, counts) in [
        ("With waivers", figures.failCounts),
        ("As if nothing were waived", figures.failCountsWithoutWaivers),
      ] {
        page.row { page in
          page.rowHeader { $0.text(name) }
          for severity in Severity.allCases { page.cell(counts[severity] ?? 0) }
        }
      }
    }
    for waiver in report.waivers { writeWaiver(waiver, to: &page) }
    let waived = figures.findings.filter { $0.status == .waived }
    guard !waived.isEmpty else { return }
    page.element("h3", text: "Waived findings")
    if waived.count > OfficerPage.findingLimit {
      page.paragraph(
        "Showing \(OfficerPage.findingLimit) of \(Count.of(waived.count, "waived finding")); all "
          + "are in \(ReportFormat.json.fileName) and \(ReportFormat.csv.fileName).", class: "note")
    }
    for (index, finding) in waived.prefix(OfficerPage.findingLimit).enumerated() {
      if index == 0 || waived[index - 1].ruleID != finding.ruleID {
        page.element("h4") { page in
          page.severity(finding.severity)
          page.text(" ")
          page.element("span", [.class("rule-id")], text: finding.ruleID)
          page.text(" \(figures.rule(finding.ruleID)?.title ?? "")")
        }
      }
      writeFinding(finding, to: &page)
    }
  }

  private func writeWaiver(_ waiver: Waiver, to page: inout HTMLWriter) {
    let matches = figures.findings.count { $0.waiverID == waiver.id }
    let days = figures.daysLeft(of: waiver)
    page.element("section", [.class("card"), .id("waiver-\(waiver.id)")]) { page in
      page.element("h3") { page in
        page.element("span", [.class("rule-id")], text: waiver.id)
        page.text(days < 0 ? " is over" : " \(Count.of(days, "day")) left")
      }
      page.paragraph(waiver.justification, class: "message")
      var facts: [(name: String, write: (inout HTMLWriter) -> Void)] = [
        ("Rules", { $0.text(waiver.rules.joined(separator: ", ")) }),
        ("Waives", { $0.code(waiver.subject ?? waiver.fingerprint ?? "") }),
        ("Findings", { $0.text(matches == 0 ? "none: it is unused" : Count.grouped(matches)) }),
        ("Owner", { $0.text(waiver.owner) }),
        (
          "Approved by",
          { page in
            page.text(
              waiver.approvals.isEmpty
                ? "nobody"
                : waiver.approvals.map { approval in
                  [approval.name, approval.role, approval.at].compactMap { $0 }
                    .joined(separator: ", ")
                }.joined(separator: "; "))
          }
        ),
        ("Created", { $0.day(waiver.created) }),
        ("Expires", { $0.day(waiver.expires) }),
      ]
      if !waiver.compensating.isEmpty {
        facts.append(
          ("Compensating controls", { $0.text(waiver.compensating.joined(separator: "; ")) }))
      }
      if let ticket = waiver.ticket {
        facts.append(("Ticket", { $0.reference(ticket, url: ticket) }))
      }
      facts.append(("Place", { $0.code(waiver.location.description) }))
      page.facts(facts)
    }
    page.newLine()
  }
}
