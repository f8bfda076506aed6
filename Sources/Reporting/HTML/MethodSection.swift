import AuditModel
import MeshModel

/// What could not be assessed, and how each rule came to its answer.
extension OfficerPage {
  func writeNotAssessed(_ page: inout HTMLWriter) {
    let open = figures.findings.filter { $0.status == .notAssessed || $0.status == .error }
    guard !open.isEmpty else {
      page.paragraph("Every selected rule could be assessed.")
      return
    }
    page.paragraph(
      "What is listed here is neither a pass nor a finding: the question has no answer yet.")
    let shown = open.prefix(OfficerPage.findingLimit)
    let caption =
      shown.count < open.count
      ? "Not assessed, \(shown.count) of \(Count.grouped(open.count))" : "Not assessed"
    page.table(
      caption,
      [.text("Rule"), .text("Title"), .text("State"), .text("Subject"), .text("Reason")]
    ) { page in
      for finding in shown {
        page.row { page in
          page.rowHeader { writeLink(toRule: finding.ruleID, &$0) }
          page.cell(figures.rule(finding.ruleID)?.title ?? "")
          page.cell { page in
            if finding.status == .error {
              page.mark("failed to run", shape: "!", class: "contra")
            } else {
              page.mark("not assessed", shape: "?", class: "open")
            }
          }
          page.cell(finding.subject == "(rule)" ? "the whole rule" : finding.subject)
          page.cell(finding.message)
        }
      }
    }
  }

  func writeMethod(_ page: inout HTMLWriter) {
    page.paragraph(
      "Each rule is a question in words and a query in SQL over the documented views. A query returns "
        + "the subjects that pass as well, so the counts below are of everything it looked at.")
    for rule in figures.rules { writeRule(rule, to: &page) }
  }

  private func writeRule(_ rule: Rule, to page: inout HTMLWriter) {
    page.element("section", [.class("card method"), .id("method-\(rule.id)")]) { page in
      page.element("h3") { page in
        page.element("span", [.class("rule-id")], text: rule.id)
        page.text(" \(rule.title)")
      }
      page.paragraph(rule.question, class: "message")
      page.facts(facts(of: rule))
      if !rule.parameters.isEmpty {
        page.table(
          "Parameters of \(rule.id)", [.text("Parameter"), .text("Value"), .text("Meaning")],
          class: "evidence"
        ) { page in
          for parameter in rule.parameters {
            page.row { page in
              page.rowHeader { $0.code(parameter.name) }
              page.cell { $0.code(EvidenceLines.text(parameter.defaultValue)) }
              page.cell(parameter.documentation)
            }
          }
        }
      }
      page.element("details") { page in
        page.element("summary", text: "Query of \(rule.id)")
        page.element("pre", [.tabindex(0)]) { page in
          page.element("code") { $0.lines(rule.sql) }
        }
      }
    }
    page.newLine()
  }

  private func facts(
    of rule: Rule
  ) -> [(name: String, write: (inout HTMLWriter) -> Void)] {
    let counts = FindingStatus.allCases.compactMap { status -> String? in
      let count = figures.count(of: rule.id, status)
      return count > 0 ? "\(Count.grouped(count)) \(status.words)" : nil
    }
    var facts: [(name: String, write: (inout HTMLWriter) -> Void)] = [
      ("Results", { $0.text(counts.isEmpty ? "none" : counts.joined(separator: ", ")) }),
      ("Severity", { $0.severity(rule.severity) }),
      ("Confidence", { $0.text(rule.confidence.rawValue) }),
      (
        "Needs",
        { page in
          page.text(
            rule.needs.isEmpty ? "nothing" : rule.needs.map(\.text).joined(separator: ", "))
        }
      ),
      ("Views", { $0.code(rule.reads.joined(separator: ", ")) }),
      ("Pack", { $0.text("\(rule.pack), since \(rule.since)") }),
    ]
    if !rule.references.isEmpty {
      facts.append(
        (
          "References",
          { page in
            page.list(rule.references.count) { page, index in
              page.reference(rule.references[index].title, url: rule.references[index].url)
            }
          }
        ))
    }
    return facts
  }
}

extension FindingStatus {
  /// As the page prints it.
  var words: String {
    switch self {
    case .pass: "pass"
    case .fail: "open"
    case .waived: "waived"
    case .notApplicable: "not applicable"
    case .notAssessed: "not assessed"
    case .error: "failed to run"
    }
  }
}
