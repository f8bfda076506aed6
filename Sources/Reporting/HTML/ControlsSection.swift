import AuditModel
import MeshModel

/// What the evidence says about the controls of each framework.
extension OfficerPage {
  func writeControls(_ page: inout HTMLWriter) {
    page.paragraph(
      "Evidence supports or contradicts a control, or shows that a document is present or absent. "
        + "Whether an obligation is met is for people to decide.")
    guard !report.frameworks.isEmpty else {
      page.paragraph("No framework was selected.")
      return
    }
    for framework in report.frameworks { writeFramework(framework, to: &page) }
  }

  private func writeFramework(_ framework: Framework, to page: inout HTMLWriter) {
    let bearings = framework.controls.map { ControlBearing($0, in: figures) }
    page.element("section", [.id("framework-\(framework.id)")]) { page in
      page.element("h3", text: framework.title)
      page.element("p", [.class("note")]) { page in
        page.text("Edition: \(framework.edition). Source: ")
        page.reference(framework.source, url: framework.source)
      }
      page.newLine()
      page.element("ul", [.class("tally")]) { page in
        for outcome in ControlBearing.Outcome.allCases {
          let count = bearings.count { $0.outcome == outcome }
          guard count > 0 else { continue }
          page.element("li") { page in
            page.element("strong", text: Count.grouped(count))
            page.text(" ")
            page.bearing(outcome)
          }
        }
      }
      page.newLine()
      // A standard binds nobody by date or role; its table has no such columns.
      let hasTerms = framework.controls.contains { !$0.roles.isEmpty || !$0.appliesFrom.isEmpty }
      let terms: [HTMLWriter.Column] = hasTerms ? [.text("Binds"), .text("Applies")] : []
      page.table(
        "Evidence by control",
        [.text("Control"), .text("Evidence"), .text("By rule")] + terms, class: "controls"
      ) { page in
        for (control, bearing) in zip(framework.controls, bearings) {
          writeControl(control, bearing, hasTerms: hasTerms, to: &page)
        }
      }
    }
    page.newLine()
  }

  private func writeControl(
    _ control: Control, _ bearing: ControlBearing, hasTerms: Bool, to page: inout HTMLWriter
  ) {
    page.row { page in
      page.rowHeader { page in
        page.reference(control.label, url: control.source)
        page.element("span", [.class("control-title")], text: " \(control.title)")
      }
      page.cell { page in
        page.bearing(bearing.outcome)
        if bearing.isWaived { page.text(" (all waived)") }
      }
      page.cell { page in
        guard !bearing.lines.isEmpty else { return page.text("no selected rule bears on it") }
        page.element("ul", [.class("plain")]) { page in
          for line in bearing.lines { writeLine(line, to: &page) }
        }
      }
      guard hasTerms else { return }
      page.cell(control.roles.isEmpty ? "not stated" : control.roles.joined(separator: ", "))
      page.cell { page in
        guard !control.appliesFrom.isEmpty else { return page.text("not stated") }
        page.element("ul", [.class("plain")]) { page in
          for application in control.appliesFrom { writeApplication(application, to: &page) }
        }
      }
    }
  }

  private func writeLine(_ line: ControlBearing.Line, to page: inout HTMLWriter) {
    page.element("li") { page in
      writeLink(toRule: line.ruleID, &page)
      page.text(" \(line.outcome.text)")
      var counts: [String] = []
      if line.failCount > 0 { counts.append("\(Count.grouped(line.failCount)) open") }
      if line.waivedCount > 0 { counts.append("\(Count.grouped(line.waivedCount)) waived") }
      if line.passCount > 0 { counts.append("\(Count.grouped(line.passCount)) pass") }
      if !counts.isEmpty { page.text(" (\(counts.joined(separator: ", ")))") }
    }
  }

  private func writeApplication(_ application: Control.Application, to page: inout HTMLWriter) {
    page.element("li") { page in
      page.text("applies from ")
      page.element("time", [.datetime(application.from)], text: application.from)
      page.text(application.route.isEmpty ? "" : " for \(application.route)")
      if !application.isInForce(asOf: report.run.asOf) { page.text(", not yet") }
      if let note = application.note {
        page.element("span", [.class("note")], text: " \(note)")
      }
    }
  }
}

extension HTMLWriter {
  mutating func bearing(_ outcome: ControlBearing.Outcome) {
    let (shape, name) =
      switch outcome {
      case .contradicts: ("✕", "contra")
      case .notAssessed: ("?", "open")
      case .documentAbsent: ("✕", "contra")
      case .supports: ("✓", "given")
      case .documentPresent: ("✓", "given")
      case .noBearing: ("–", "quiet")
      }
    mark(outcome.text, shape: shape, class: name)
  }
}
