import AuditModel
import MeshModel

/// Every file of the run with its digest, and everything that was wrong with one.
extension OfficerPage {
  func writeInputs(_ page: inout HTMLWriter) {
    let read = report.inputs.filter { $0.status != .unrecognised && $0.status != .failed }
    let other = report.inputs.filter { $0.status == .unrecognised || $0.status == .failed }
    if read.isEmpty {
      page.paragraph("No input was recognised.")
    } else {
      page.table(
        "Files that were read",
        [
          .text("File and SHA-256"), .text("Taken for"), .text("State"), .number("Records"),
          .number("Rejected"), .number("Bytes"), .text("Time"),
        ], class: "inputs"
      ) { page in
        for input in read { writeInput(input, to: &page) }
      }
    }
    guard !other.isEmpty else {
      page.paragraph("Every file that was given was recognised.")
      return
    }
    page.table(
      "Files that were not read",
      [.text("File"), .text("State"), .text("Reason"), .number("Bytes")]
    ) { page in
      for input in other {
        page.row { page in
          page.rowHeader { $0.code(input.path) }
          page.cell { writeStatus(input.status, to: &$0) }
          page.cell(input.reason ?? "no reason was recorded")
          page.cell(input.byteCount)
        }
      }
    }
  }

  private func writeInput(_ input: InputRecord, to page: inout HTMLWriter) {
    page.row { page in
      page.rowHeader { page in
        page.code(input.path)
        page.element("span", [.class("digest")]) { page in
          page.text(" ")
          page.code(input.digest)
        }
      }
      page.cell(input.kind)
      page.cell { page in
        writeStatus(input.status, to: &page)
        if let reason = input.reason { page.text(" \(reason)") }
      }
      page.cell(input.recordCount)
      page.cell(input.rejectedCount)
      page.cell(input.byteCount)
      page.cell { page in
        guard let first = input.firstTime, let last = input.lastTime else { return }
        page.time(first)
        page.text(" to ")
        page.time(last)
      }
    }
  }

  private func writeStatus(_ status: InputRecord.Status, to page: inout HTMLWriter) {
    switch status {
    case .read: page.mark("read", shape: "✓", class: "given")
    case .known: page.mark("known from before", shape: "✓", class: "given")
    case .partial: page.mark("read in part", shape: "!", class: "contra")
    case .unrecognised: page.mark("not recognised", shape: "–", class: "quiet")
    case .failed: page.mark("not readable", shape: "!", class: "contra")
    }
  }

  func writeDiagnostics(_ page: inout HTMLWriter) {
    guard !report.diagnostics.isEmpty else {
      page.paragraph("Nothing was wrong with what was read.")
      return
    }
    let shown = report.diagnostics.prefix(OfficerPage.diagnosticLimit)
    let total = report.diagnostics.count
    let caption =
      shown.count < total
      ? "Diagnostics, \(shown.count) of \(Count.grouped(total)), the rest in "
        + ReportFormat.json.fileName : "Diagnostics"
    page.table(caption, [.text("Kind"), .text("Place"), .text("Message"), .text("Code")]) { page in
      for diagnostic in shown {
        page.row { page in
          page.cell { page in
            switch diagnostic.severity {
            case .error: page.mark("error", shape: "✕", class: "contra")
            case .warning: page.mark("warning", shape: "!", class: "sev-medium")
            case .note: page.mark("note", shape: "○", class: "quiet")
            }
          }
          page.cell { page in
            if let location = diagnostic.location { page.code(location.description) }
          }
          page.cell { page in
            page.breakable(diagnostic.message)
            if let hint = diagnostic.hint {
              page.element("span", [.class("note")], text: " Hint: \(hint)")
            }
          }
          page.cell { $0.code(diagnostic.code) }
        }
      }
    }
  }
}
