import AuditModel
import MeshModel

/// The first screen: the verdict in a sentence, the counts, what is most urgent, who signs.
extension OfficerPage {
  func writeVerdict(_ page: inout HTMLWriter) {
    writeSentence(&page)
    writeTiles(&page)
    page.element("div", [.class("columns")]) { page in
      page.element("div", [.class("urgent")], writeUrgent)
      page.element("div", [.class("sign-off")], writeSignOff)
    }
    writeIdentity(&page)
  }

  private func writeSentence(_ page: inout HTMLWriter) {
    let (shape, name) =
      switch figures.verdict.outcome {
      case .clean: ("✓", "clean")
      case .findings: ("▲", "found")
      case .incomplete: ("?", "open")
      }
    page.element("div", [.class("verdict verdict-\(name)")]) { page in
      page.element("p", [.class("verdict-word")]) { page in
        page.element("span", [.hidden, .class("verdict-shape")], text: shape)
        page.text(" ")
        page.element("strong", text: VerdictText.headline(figures))
      }
      page.paragraph(VerdictText.sentence(figures))
      if !figures.verdict.gaps.isEmpty {
        page.element("ul") { page in
          for gap in figures.verdict.gaps.prefix(5) { page.element("li", text: gap) }
          let rest = figures.verdict.gaps.count - 5
          if rest > 0 {
            page.element("li") { page in
              page.text("and \(Count.of(rest, "more reason")), see ")
              page.element("a", [.link(to: "not-assessed")], text: "Not assessed")
              page.text(" and ")
              page.element("a", [.link(to: "inputs")], text: "Inputs")
            }
          }
        }
      }
    }
    page.newLine()
  }

  private func writeTiles(_ page: inout HTMLWriter) {
    page.element("dl", [.class("tiles")]) { page in
      for severity in Severity.allCases {
        let count = figures.failCounts[severity] ?? 0
        page.element("div", [.class("tile\(count == 0 ? " none" : "")")]) { page in
          page.element("dt") { $0.severity(severity) }
          page.element("dd", text: Count.grouped(count))
        }
      }
      page.element("div", [.class("tile\(figures.waivedCount == 0 ? " none" : "")")]) { page in
        page.element("dt") { $0.mark("waived", shape: "◇", class: "waived") }
        page.element("dd", text: Count.grouped(figures.waivedCount))
      }
      let open = figures.unassessedRuleIDs.count
      page.element("div", [.class("tile\(open == 0 ? " none" : "")")]) { page in
        page.element("dt") { $0.mark("not assessed", shape: "?", class: "open") }
        page.element("dd") { page in
          page.text(Count.grouped(open))
          page.element("small", text: open == 1 ? " rule" : " rules")
        }
      }
      page.element("div", [.class("tile wide")]) { page in
        page.element("dt", text: "rules assessed")
        page.element("dd") { page in
          page.text(Count.grouped(figures.assessedRuleCount))
          page.element("small", text: " of \(Count.grouped(figures.rules.count))")
          writeBar(&page, figures.assessedRuleCount, of: figures.rules.count)
        }
      }
    }
    page.newLine()
  }

  /// A share as a bar; the numbers stand beside it.
  private func writeBar(_ page: inout HTMLWriter, _ part: Int, of whole: Int) {
    let width = whole == 0 ? 0 : part * 100 / whole
    page.element(
      "svg",
      [
        .svg("xmlns", "http://www.w3.org/2000/svg"), .svg("viewBox", "0 0 100 6"),
        .svg("preserveAspectRatio", "none"), .svg("width", "100"), .svg("height", "6"),
        .class("bar"), .hidden,
      ]
    ) { page in
      page.void(
        "rect",
        [
          .svg("width", "100"), .svg("height", "6"), .svg("fill", "#d8dce2"), .class("bar-track"),
        ])
      page.void(
        "rect",
        [
          .svg("width", String(width)), .svg("height", "6"), .svg("fill", "#3c4654"),
          .class("bar-part"),
        ])
    }
  }

  private func writeUrgent(_ page: inout HTMLWriter) {
    page.element("h3", text: "Most urgent")
    guard !figures.failGroups.isEmpty else {
      page.paragraph("Nothing is open.")
      return
    }
    page.element("ol") { page in
      for group in figures.failGroups.prefix(3) {
        let first = group.findings[0]
        page.element("li") { page in
          page.severity(group.severity)
          page.text(" ")
          page.element("a", [.link(to: group.anchor)]) { page in
            page.text(figures.rule(group.ruleID)?.title ?? group.ruleID)
          }
          page.element("p", [.class("detail")]) { page in
            page.text("\(group.ruleID), \(Count.of(group.findings.count, "finding")), first ")
            writeLink(to: first, &page)
          }
        }
        page.newLine()
      }
    }
  }

  private func writeSignOff(_ page: inout HTMLWriter) {
    page.element("h3", text: "Sign-off")
    page.element("table") { page in
      page.element("caption", [.class("unseen")], text: "Sign-off")
      page.element("thead") { page in
        page.element("tr") { page in
          for title in ["Step", "Name", "Date", "Signature"] {
            page.element("th", [.scope("col")], text: title)
          }
        }
      }
      page.element("tbody") { page in
        for step in ["Prepared by", "Reviewed by", "Accepted by"] {
          page.element("tr") { page in
            page.rowHeader { $0.text(step) }
            for _ in 0..<3 { page.cell("") }
          }
        }
      }
    }
    page.paragraph("Comments", class: "comments")
  }

  private func writeIdentity(_ page: inout HTMLWriter) {
    let run = report.run
    var facts: [(name: String, write: (inout HTMLWriter) -> Void)] = [
      ("As of", { $0.time(run.asOf) })
    ]
    if !run.cluster.isEmpty { facts.insert(("Cluster", { $0.text(run.cluster) }), at: 0) }
    if !figures.isClockFixed {
      facts.append(("Started", { $0.time(run.startedAt) }))
      facts.append(("Finished", { $0.time(run.finishedAt) }))
    }
    facts += [
      ("Run", { $0.code(run.id) }),
      ("Tool", { $0.text("meshaudit \(run.toolVersion)") }),
      ("Rule packs, SHA-256", { $0.code(run.rulesDigest) }),
      (
        "Gate",
        { $0.text(run.failOn.map { "fails at \($0.rawValue) or above" } ?? "none was set") }
      ),
    ]
    if !run.arguments.isEmpty {
      facts.append(("Command", { $0.code(run.arguments.joined(separator: " ")) }))
    }
    page.facts(facts)
  }
}

extension ReportFigures.Group {
  /// Where the page tells of the group.
  var anchor: String { "rule-\(severity.rawValue)-\(ruleID)" }
}
