import AuditModel
import MeshModel

/// How much of what is granted is used, and how far the audit's decisions agree with those of the mesh.
extension OfficerPage {
  func writeUse(_ page: inout HTMLWriter) {
    guard let use = report.use else {
      page.paragraph("No traffic of a known workload was given: what is used is not known.")
      return
    }
    writeUsed(use, &page)
    writeAgreement(use, &page)
  }

  private func writeUsed(_ use: AccessUse, _ page: inout HTMLWriter) {
    guard !use.workloads.isEmpty else {
      page.paragraph("No ALLOW rule grants anything at a workload whose logs were given.")
      return
    }
    page.paragraph(
      "An operation is a method on a path at a port, as a rule lists it. What was not seen may still be "
        + "needed: judge by the days and by the share of requests on which the policies decide.")
    let lines = use.workloads.sorted {
      let (isLeftOpen, isRightOpen) = ($0.decidedCount == 0, $1.decidedCount == 0)
      if isLeftOpen != isRightOpen { return isRightOpen }
      // The least used first; multiplied out, so that no fraction is rounded.
      let (left, right) = ($0.usedCount * $1.grantedCount, $1.usedCount * $0.grantedCount)
      return (left, $0.workload) < (right, $1.workload)
    }
    let shown = lines.prefix(OfficerPage.findingLimit)
    let caption =
      shown.count < lines.count
      ? "Use by workload, \(shown.count) of \(Count.grouped(lines.count)), the least used first"
      : "Use by workload, the least used first"
    page.table(
      caption,
      [
        .text("Workload"), .number("Operations granted"), .number("Used"), .number("Used, %"),
        .number("Days observed"), .text("From"), .text("To"), .number("Requests"),
        .number("Decided, %"),
      ]
    ) { page in
      for line in shown {
        page.row { page in
          page.rowHeader { $0.breakable(line.workload) }
          page.cell(line.grantedCount)
          if line.decidedCount == 0 {
            // Nothing that was seen tells which operation it was: that is not "unused".
            page.cell { $0.mark("not known", shape: "?", class: "open") }
            page.cell("")
          } else {
            page.cell(line.usedCount)
            page.cell(line.usedCount * 100 / max(line.grantedCount, 1))
          }
          page.cell(line.dayCount)
          page.cell { $0.day(line.firstSeen) }
          page.cell { $0.day(line.lastSeen) }
          page.cell(line.requestCount)
          page.cell(line.decidedCount * 100 / max(line.requestCount, 1))
        }
      }
    }
  }

  private func writeAgreement(_ use: AccessUse, _ page: inout HTMLWriter) {
    guard !use.refusals.isEmpty else {
      page.paragraph(
        "No refusal of the mesh was observed since \(use.refusalsSince.dayText) that could be compared "
          + "with the audited policies.")
      return
    }
    let refused = use.comparedCount + use.undecidedCount
    let since = use.refusalsSince.dayText
    page.paragraph(
      use.agreementPercent.map { percent in
        "The mesh refused \(Count.of(refused, "request")) since \(since)"
          + (use.undecidedCount == 0
            ? "."
            : "; of \(Count.grouped(use.undecidedCount)) the logs do not carry enough to decide.")
          + " Of \(use.undecidedCount == 0 ? "them" : "the others") the audited policies refuse "
          + "\(Count.grouped(use.agreedCount)) of \(Count.grouped(use.comparedCount)) as well, by the same "
          + "rule where the proxy named one: \(percent) % agreement."
      } ?? "The logs do not carry enough to decide on what the mesh refused since \(since).")
    page.table(
      "Agreement with the refusals of the mesh",
      [
        .text("Workload"), .text("Refused by"), .number("Agreed"), .number("By another rule"),
        .number("Let through"), .number("Undecided"), .text("Last"),
      ]
    ) { page in
      for line in use.refusals.prefix(OfficerPage.findingLimit) {
        page.row { page in
          page.rowHeader { $0.breakable(line.workload) }
          page.cell { page in
            if let policy = line.deniedBy {
              page.code(policy)
            } else {
              page.text("no named policy")
            }
          }
          page.cell(line.agreedCount)
          page.cell(line.otherRuleCount)
          page.cell(line.allowedCount)
          page.cell(line.undecidedCount)
          page.cell { $0.time(line.lastSeen) }
        }
      }
    }
  }
}
