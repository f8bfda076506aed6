import AuditModel
import MeshModel

/// Findings by AI system of the register.
extension OfficerPage {
  /// Findings listed per system; the counts beside them are exact.
  private static var listLimit: Int { 10 }

  func writeSystems(_ page: inout HTMLWriter) {
    guard !report.systems.isEmpty else {
      page.paragraph(
        "No AI system register was given, so findings cannot be told apart by AI system, and "
          + "provisions that bind by risk class could not be related to any workload.")
      return
    }
    page.table(
      "Open findings by AI system",
      [.text("AI system"), .text("Risk class")] + Severity.allCases.map { .number($0.rawValue) }
        + [.number("Waived"), .number("Workloads")]
    ) { page in
      for system in report.systems {
        let findings = findings(of: system)
        page.row { page in
          page.rowHeader { page in
            page.element("a", [.link(to: "system-\(system.id)")], text: system.tradeName)
            page.text(" ")
            page.code(system.id)
          }
          page.cell(system.riskClass.rawValue)
          for severity in Severity.allCases {
            page.cell(findings.count { $0.status == .fail && $0.severity == severity })
          }
          page.cell(findings.count { $0.status == .waived })
          page.cell(system.workloads.count)
        }
      }
    }
    let outside = figures.findings.count { $0.status == .fail && $0.systemIDs.isEmpty }
    page.paragraph(
      "\(Count.of(outside, "open finding")) "
        + "\(outside == 1 ? "belongs" : "belong") to no registered AI system.")
    for system in report.systems { writeSystem(system, to: &page) }
  }

  private func findings(of system: AuditReport.SystemLine) -> [Finding] {
    figures.findings.filter { $0.systemIDs.contains(system.id) }
  }

  private func writeSystem(_ system: AuditReport.SystemLine, to page: inout HTMLWriter) {
    page.element("section", [.class("card"), .id("system-\(system.id)")]) { page in
      page.element("h3", text: system.tradeName)
      page.facts([
        ("Id", { $0.code(system.id) }),
        ("Risk class", { $0.text(system.riskClass.rawValue) }),
        ("Route", { $0.text(system.route ?? "none given") }),
        (
          "Roles",
          { $0.text(system.roles.map(\.rawValue).joined(separator: ", ")) }
        ),
        ("Owner", { $0.text(system.owner ?? "none given") }),
        (
          "Workloads",
          { page in
            page.text(
              system.workloads.isEmpty
                ? "none found" : system.workloads.joined(separator: ", "))
          }
        ),
      ])
      writeOpenFindings(of: system, to: &page)
      writeProvisions(of: system, to: &page)
    }
    page.newLine()
  }

  private func writeOpenFindings(
    of system: AuditReport.SystemLine, to page: inout HTMLWriter
  ) {
    let open = findings(of: system).filter { $0.status == .fail }
    guard !open.isEmpty else {
      page.paragraph("No finding is open.")
      return
    }
    page.element("ul", [.class("links")]) { page in
      for finding in open.prefix(OfficerPage.listLimit) {
        page.element("li") { page in
          page.severity(finding.severity)
          page.text(" \(finding.ruleID) ")
          writeLink(to: finding, &page)
        }
      }
    }
    if open.count > OfficerPage.listLimit {
      page.paragraph(
        "The \(OfficerPage.listLimit) most urgent of \(Count.of(open.count, "open finding")).",
        class: "note")
    }
  }
}
