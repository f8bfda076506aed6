import AuditModel
import MeshModel

/// What was observed and how far it can be relied on: evidence, coverage of the logs, chains of calls.
extension OfficerPage {
  func writeTraffic(_ page: inout HTMLWriter) {
    guard let traffic = report.traffic else {
      page.paragraph("No access logs, counters or traces were given: nothing was observed.")
      return
    }
    writeEvidence(traffic, &page)
    writeCoverage(traffic, &page)
    writeChains(traffic, &page)
  }

  private func writeEvidence(_ traffic: TrafficOverview, _ page: inout HTMLWriter) {
    guard !traffic.evidence.isEmpty else {
      page.paragraph("No request was seen on the side of the workload that served it.")
      return
    }
    page.table(
      "What showed the requests; one request may be in several rows, so they are not added up",
      [
        .text("Evidence"), .number("Requests"), .number("Verified source"), .text("First"),
        .text("Last"), .text("What it tells"),
      ]
    ) { page in
      for line in traffic.evidence {
        page.row { page in
          page.rowHeader { $0.text(OfficerPage.name(ofEvidence: line.evidence)) }
          page.cell(line.requestCount)
          page.cell(line.verifiedCount)
          page.cell { $0.day(line.firstSeen) }
          page.cell { $0.day(line.lastSeen) }
          page.cell(OfficerPage.meaning(ofEvidence: line.evidence))
        }
      }
    }
  }

  private static func name(ofEvidence evidence: String) -> String {
    switch TrafficEvidence(rawValue: evidence) {
    case .log: "Access logs"
    case .counter: "Proxy counters"
    case .trace: "Traces"
    case nil: evidence
    }
  }

  private static func meaning(ofEvidence evidence: String) -> String {
    switch TrafficEvidence(rawValue: evidence) {
    case .log: "who called what, as far as the log format says"
    case .counter: "who called whom, complete between two readings, without method and path"
    case .trace: "which call led to which; a sample, and nothing in it is verified"
    case nil: ""
    }
  }

  private func writeCoverage(_ traffic: TrafficOverview, _ page: inout HTMLWriter) {
    guard !traffic.coverage.isEmpty else { return }
    page.table(
      "When each workload's proxy is known to have logged: \u{201C}not seen\u{201D} is "
        + "\u{201C}not used\u{201D} only inside this",
      [
        .text("Workload"), .text("First line"), .text("Last line"), .number("Hours with lines"),
        .number("Hours from first to last"), .number("Longest gap, hours"),
      ]
    ) { page in
      for line in traffic.coverage {
        page.row { page in
          page.rowHeader { $0.breakable(line.workload) }
          guard let first = line.firstSeen, let last = line.lastSeen else {
            page.cell { $0.mark("no log was given", shape: "?", class: "open") }
            page.cell("")
            page.cell(0)
            page.cell(0)
            page.cell(0)
            return
          }
          page.cell { $0.time(first) }
          page.cell { $0.time(last) }
          page.cell(line.hourCount)
          page.cell(line.spanHourCount)
          page.cell(line.longestGapHours)
        }
      }
    }
  }

  private func writeChains(_ traffic: TrafficOverview, _ page: inout HTMLWriter) {
    guard !traffic.chains.isEmpty else { return }
    page.table(
      "Who acted through whom, by traces: applications pass a trace on, so that it can be incomplete "
        + "or wrong",
      [
        .text("Caller"), .text("Through"), .text("Called in the end"), .number("Order"),
        .number("Calls"), .text("Last"),
      ]
    ) { page in
      for chain in traffic.chains {
        page.row { page in
          page.rowHeader { $0.breakable(chain.hops.first ?? "") }
          page.cell(chain.hops.dropFirst().dropLast().joined(separator: ", then "))
          page.cell(chain.hops.last ?? "")
          page.cell(chain.hops.count - 1)
          page.cell(chain.callCount)
          page.cell { $0.day(chain.lastSeen) }
        }
      }
    }
    if traffic.chainCount > traffic.chains.count {
      page.paragraph(
        "Shown are \(traffic.chains.count) of \(Count.of(traffic.chainCount, "chain")): those with most "
          + "calls, without parts of longer ones. The view call_chain of the database has all.",
        class: "note")
    }
  }
}
