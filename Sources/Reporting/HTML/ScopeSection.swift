import AuditModel
import MeshModel

/// What was looked at, how much of it was seen, and what was not given.
extension OfficerPage {
  func writeScope(_ page: inout HTMLWriter) {
    let scope = report.scope
    page.facts([
      ("Workloads", { $0.text(Count.grouped(scope.workloadCount)) }),
      ("Identities", { $0.text(Count.grouped(scope.identityCount)) }),
      ("Policies", { $0.text(Count.grouped(scope.policyCount)) }),
      ("Certificates", { $0.text(Count.grouped(scope.certificateCount)) }),
      ("Observed requests", { $0.text(Count.grouped(scope.observedRequestCount)) }),
      ("Observation window", writeWindow),
      (
        "Requests with a verified source",
        { page in
          page.text(
            figures.verifiedPercent.map {
              "\($0) % (\(Count.grouped(scope.verifiedRequestCount)) of "
                + "\(Count.grouped(scope.observedRequestCount)))"
            } ?? "no traffic was given")
        }
      ),
    ])
    writeEdges(&page)
    writeNamespaces(&page)
    writeGiven(&page)
  }

  private func writeWindow(_ page: inout HTMLWriter) {
    guard let first = report.scope.trafficFirst, let last = report.scope.trafficLast else {
      page.text("no access logs were given")
      return
    }
    page.time(first)
    page.text(" to ")
    page.time(last)
  }

  private func writeEdges(_ page: inout HTMLWriter) {
    let edges = report.scope.edgeCounts
    let total = edges.values.reduce(0, +)
    guard total > 0 else { return }
    page.table(
      "Access edges: pairs of a source identity and a port of a workload, as the policies decide",
      [.text("Decision"), .number("Edges"), .text("Meaning")]
    ) { page in
      for outcome in Reach.Outcome.allCases {
        page.row { page in
          page.rowHeader { $0.text(outcome.rawValue) }
          page.cell(edges[outcome] ?? 0)
          page.cell(OfficerPage.meaning(of: outcome))
        }
      }
    }
  }

  private static func meaning(of outcome: Reach.Outcome) -> String {
    switch outcome {
    case .allow: "every request passes"
    case .partial: "some operations pass, or under conditions only"
    case .deny: "no request passes"
    case .delegate: "an external authorizer decides"
    case .unknown: "the inputs do not tell"
    }
  }

  private func writeNamespaces(_ page: inout HTMLWriter) {
    let namespaces = report.scope.namespaces
    guard !namespaces.isEmpty else {
      page.paragraph("No namespace holds a workload.")
      return
    }
    let isUndetermined = namespaces.contains { $0.undeterminedCount ?? 0 > 0 }
    page.table(
      "Coverage by namespace",
      [
        .text("Namespace"), .number("Workloads"), .number("In a mesh"),
      ] + (isUndetermined ? [.number("Not known")] : []) + [
        .number("Seen in traffic"), .number("Grants"),
      ]
    ) { page in
      for line in namespaces {
        page.row { page in
          page.rowHeader { $0.breakable(line.name) }
          page.cell(line.workloadCount)
          page.cell(line.meshedCount)
          if isUndetermined { page.cell(line.undeterminedCount ?? 0) }
          page.cell(line.observedCount)
          page.cell(line.grantCount)
        }
      }
    }
  }

  private func writeGiven(_ page: inout HTMLWriter) {
    page.table(
      "What was given",
      [.text("Kind of input"), .text("Given"), .number("Files"), .number("Rules that need it")]
    ) { page in
      for need in InputNeed.allCases {
        let files = report.inputs.count {
          $0.kind.hasPrefix(OfficerPage.kindPrefix(of: need))
            && $0.status != .failed && $0.status != .unrecognised
        }
        page.row { page in
          page.rowHeader { $0.text(need.text) }
          page.cell { page in
            if isGiven(need, files: files) {
              page.mark("given", shape: "✓", class: "given")
            } else {
              page.mark("not given", shape: "?", class: "open")
            }
          }
          page.cell(files)
          page.cell(figures.rules.count { $0.needs.contains(need) })
        }
      }
    }
  }

  /// Certificates come inside manifests as well.
  private func isGiven(_ need: InputNeed, files: Int) -> Bool {
    switch need {
    case .certificates: files > 0 || report.scope.certificateCount > 0
    case .baseline: figures.hasBaseline
    default: files > 0
    }
  }

  private static func kindPrefix(of need: InputNeed) -> String {
    switch need {
    case .manifests: "manifest"
    case .certificates: "certificate"
    case .accessLogs: "access-log"
    case .register: "register"
    case .metrics: "metric"
    case .opaDecisions: "decision-log"
    case .baseline: "baseline"
    }
  }
}
