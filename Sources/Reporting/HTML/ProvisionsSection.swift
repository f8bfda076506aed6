import AuditModel
import MeshModel

/// The provisions of a law that concern one AI system: what the evidence says of each, with room for the
/// judgement of a person.
extension OfficerPage {
  func writeProvisions(of system: AuditReport.SystemLine, to page: inout HTMLWriter) {
    for framework in report.frameworks {
      let controls = framework.controls.filter { $0.concerns(system) }
      guard !controls.isEmpty else { continue }
      let provisions = controls.map { ($0, ControlBearing($0, in: figures, on: system.id)) }
      let telling = provisions.filter { $0.1.outcome != .noBearing }
      let silent = provisions.filter { $0.1.outcome == .noBearing }.map(\.0)
      let open = telling.count { $0.1.outcome == .notAssessed }
      page.paragraph(
        "\(framework.title): \(Count.of(controls.count, "provision")) "
          + "\(controls.count == 1 ? "concerns" : "concern") this system by its risk class, its route "
          + "and the roles of the organisation. The run has evidence on \(telling.count - open)"
          + (open > 0 ? " and could not assess \(open)" : "") + ". "
          + "What is found of the mesh as a whole stands with the controls, not here.")
      if !telling.isEmpty { writeTable(telling, of: system, to: &page) }
      guard !silent.isEmpty else { continue }
      page.paragraph(
        "Nothing that this run looked at tells of: "
          + silent.map(\.label).joined(separator: "; ") + ".", class: "note")
    }
  }

  private func writeTable(
    _ provisions: [(Control, ControlBearing)], of system: AuditReport.SystemLine,
    to page: inout HTMLWriter
  ) {
    page.table(
      "Provisions that concern \(system.tradeName)",
      [
        .text("Provision"), .text("Binds as"), .text("Applies from"), .text("Evidence"),
        .text("What was found"), .text("Judged by, on"),
      ], class: "controls"
    ) { page in
      for (control, bearing) in provisions {
        writeProvision(control, bearing, of: system, to: &page)
      }
    }
  }

  private func writeProvision(
    _ control: Control, _ bearing: ControlBearing, of system: AuditReport.SystemLine,
    to page: inout HTMLWriter
  ) {
    page.row { page in
      page.rowHeader { page in
        page.reference(control.label, url: control.source)
        page.element("span", [.class("control-title")], text: " \(control.title)")
      }
      let roles = control.roles.filter { role in system.roles.contains { $0.rawValue == role } }
      page.cell(roles.isEmpty ? "not stated" : roles.joined(separator: ", "))
      page.cell { page in
        for (index, application) in control.applications(to: system).enumerated() {
          if index > 0 { page.text(", ") }
          page.element("time", [.datetime(application.from)], text: application.from)
          if !application.isInForce(asOf: report.run.asOf) { page.text(" (not yet)") }
        }
      }
      page.cell { page in
        page.bearing(bearing.outcome)
        if bearing.isWaived { page.text(" (all waived)") }
      }
      page.cell { page in writeFound(bearing, on: system, to: &page) }
      // Left for the hand of who judges.
      page.cell("")
    }
  }

  /// One line for each rule, with the weightiest message where it does not simply pass.
  private func writeFound(
    _ bearing: ControlBearing, on system: AuditReport.SystemLine, to page: inout HTMLWriter
  ) {
    page.element("ul", [.class("plain")]) { page in
      for line in bearing.lines where line.outcome != .noBearing {
        page.element("li") { page in
          writeLink(toRule: line.ruleID, &page)
          page.text(" \(line.outcome.text)")
          if let message = message(of: line, on: system) { page.text(": \(message)") }
          if line.failCount > 1 {
            page.text(" (and \(Count.grouped(line.failCount - 1)) more)")
          }
        }
      }
    }
  }

  private func message(
    of line: ControlBearing.Line, on system: AuditReport.SystemLine
  ) -> String? {
    let own = figures.findings(of: line.ruleID).filter { $0.concerns(system.id) }
    let order: [FindingStatus] = [.fail, .waived, .error, .notAssessed]
    return order.lazy.compactMap { status in own.first { $0.status == status } }.first?.message
  }
}

extension Control {
  /// Whether it binds the organisation for the system: by one of its roles, and by the route on which the
  /// system is high-risk where the provision depends on it.
  func concerns(_ system: AuditReport.SystemLine) -> Bool {
    !applications(to: system).isEmpty
      && (roles.isEmpty || roles.contains { role in system.roles.contains { $0.rawValue == role } })
  }

  func applications(to system: AuditReport.SystemLine) -> [Application] {
    appliesFrom.filter {
      $0.route.isEmpty || (system.riskClass == .high && $0.route == system.route)
    }
  }
}

extension Control.Application {
  func isInForce(asOf time: UTCTime) -> Bool {
    // Days as text compare like days.
    from <= time.dayText
  }
}
