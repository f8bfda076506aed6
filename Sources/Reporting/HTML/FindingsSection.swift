import AuditModel
import MeshModel

/// Open findings, most urgent first, by rule.
extension OfficerPage {
  func writeFindings(_ page: inout HTMLWriter) {
    guard !figures.failGroups.isEmpty else {
      page.paragraph("No finding is open.")
      return
    }
    page.table(
      "Open findings by rule",
      [
        .text("Severity"), .text("Rule"), .text("Title"), .number("Findings"),
        .number("Subjects that pass"),
      ]
    ) { page in
      for group in figures.failGroups {
        page.row { page in
          page.cell { $0.severity(group.severity) }
          page.rowHeader { $0.element("a", [.link(to: group.anchor)], text: group.ruleID) }
          page.cell(figures.rule(group.ruleID)?.title ?? "")
          page.cell(group.findings.count)
          page.cell(figures.count(of: group.ruleID, .pass))
        }
      }
    }
    for severity in Severity.allCases {
      let groups = figures.failGroups.filter { $0.severity == severity }
      guard !groups.isEmpty else { continue }
      page.element("h3", [.class("severity-heading")]) { page in
        page.severity(severity)
        page.element(
          "small", text: " " + Count.of(figures.failCounts[severity] ?? 0, "finding"))
      }
      for group in groups { writeGroup(group, to: &page) }
    }
  }

  private func writeGroup(_ group: ReportFigures.Group, to page: inout HTMLWriter) {
    let rule = figures.rule(group.ruleID)
    page.element("section", [.class("card rule"), .id(group.anchor)]) { page in
      page.element("h4") { page in
        page.element("span", [.class("rule-id")], text: group.ruleID)
        page.text(" \(rule?.title ?? "")")
      }
      if let rule {
        page.element("dl", [.class("advice")]) { page in
          page.element("dt", text: "Why it matters")
          page.element("dd", text: rule.why)
          page.element("dt", text: "What to do")
          page.element("dd", text: rule.remediation)
          let controls = figures.controls(of: rule.id)
          if !controls.isEmpty {
            page.element("dt", text: "Bears on")
            page.element("dd", text: controls.joined(separator: ", "))
          }
          page.element("dt", text: "Method")
          page.element("dd") { page in
            page.element(
              "a", [.link(to: "method-\(rule.id)")], text: "question, data and query of \(rule.id)")
          }
        }
      }
      if group.findings.count > OfficerPage.findingLimit {
        page.paragraph(
          "Showing \(OfficerPage.findingLimit) of \(Count.of(group.findings.count, "finding")); "
            + "all are in \(ReportFormat.json.fileName) and \(ReportFormat.csv.fileName).",
          class: "note")
      }
      for finding in group.findings.prefix(OfficerPage.findingLimit) {
        writeFinding(finding, to: &page)
      }
    }
    page.newLine()
  }

  /// One finding under an anchor that stays the same from run to run.
  func writeFinding(_ finding: Finding, to page: inout HTMLWriter) {
    let isWaived = finding.status == .waived
    let heading = "f-\(finding.fingerprint)"
    page.element(
      "article", [.class("finding"), .id(finding.fingerprint), .labelledBy(heading)]
    ) { page in
      page.element("h5", [.id(heading)]) { page in
        if isWaived {
          page.element("s") { $0.breakable(finding.subject) }
        } else {
          page.breakable(finding.subject)
        }
        if !finding.discriminator.isEmpty {
          page.element("span", [.class("discriminator")], text: " \(finding.discriminator)")
        }
        if finding.isNew == true {
          page.text(" ")
          page.element("span", [.class("new")], text: "new")
        }
      }
      page.paragraph(finding.message, class: "message")
      EvidenceTable(finding.evidence).write(to: &page)
      page.facts(facts(of: finding))
    }
    page.newLine()
  }

  private func facts(
    of finding: Finding
  ) -> [(name: String, write: (inout HTMLWriter) -> Void)] {
    var facts: [(name: String, write: (inout HTMLWriter) -> Void)] = []
    if let location = finding.location {
      facts.append(("Place", { $0.code(location.description) }))
    }
    if !finding.systemIDs.isEmpty {
      facts.append(
        (
          "AI systems",
          { page in
            page.list(finding.systemIDs.count) { page, index in
              let id = finding.systemIDs[index]
              if report.systems.contains(where: { $0.id == id }) {
                page.element("a", [.link(to: "system-\(id)")], text: id)
              } else {
                page.text(id)
              }
            }
          }
        ))
    }
    if let firstSeen = finding.firstSeen { facts.append(("First seen", { $0.day(firstSeen) })) }
    if finding.status == .waived {
      facts.append(
        (
          "Waiver",
          { page in
            let id = finding.waiverID ?? "none"
            guard let waiver = figures.waiver(id) else { return page.text(id) }
            page.element("a", [.link(to: "waiver-\(id)")], text: id)
            page.text(" of \(waiver.owner), until ")
            page.day(waiver.expires)
          }
        ))
    }
    facts.append(
      (
        "Finding",
        { $0.element("a", [.link(to: finding.fingerprint)], text: finding.fingerprint) }
      ))
    return facts
  }
}
