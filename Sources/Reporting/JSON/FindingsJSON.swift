import AuditModel
import MeshModel

/// `findings.json`: everything a run has to say, for programs.
///
/// A format of its own (`reports/schemas/findings.schema.json`), not a dump of our types: within
/// `meshaudit-findings/1` members may be added, and none is removed, renamed or given another meaning.
struct FindingsJSON {
  static let format = "meshaudit-findings/1"

  private let figures: ReportFigures
  private var report: AuditReport { figures.report }

  init(_ figures: ReportFigures) { self.figures = figures }

  func write(to output: ReportOutput) {
    JSONText.write(frame, list: "findings", figures.findings.lazy.map(finding), to: output)
  }

  /// Everything but the results.
  private var frame: JSONValue {
    [
      "format": .string(FindingsJSON.format),
      "run": run,
      "verdict": verdict,
      "summary": summary,
      "scope": scope,
      "meshes": .array((report.meshes?.figures ?? []).map(figure)),
      "use": report.use.map(use) ?? .null,
      "inputs": .array(report.inputs.map(input)),
      "diagnostics": .array(report.diagnostics.map(diagnostic)),
      "assumptions": .strings(report.assumptions),
      "rules": .array(figures.rules.map(rule)),
      "frameworks": .array(report.frameworks.map(framework)),
      "systems": .array(report.systems.map(system)),
      "waivers": .array(report.waivers.map(waiver)),
      "history": .array(report.history.map(line)),
    ]
  }

  // MARK: The run

  private var run: JSONValue {
    let run = report.run
    return [
      "id": .string(run.id),
      "toolVersion": .string(run.toolVersion),
      "asOf": .time(run.asOf),
      "startedAt": figures.isClockFixed ? .null : .time(run.startedAt),
      "finishedAt": figures.isClockFixed ? .null : .time(run.finishedAt),
      "rulesDigest": .string(run.rulesDigest),
      "arguments": .strings(run.arguments),
      "failOn": .text(run.failOn?.rawValue),
      "cluster": .string(run.cluster),
    ]
  }

  private func figure(_ figure: MeshComparison.Figure) -> JSONValue {
    [
      "mesh": .string(figure.mesh), "measure": .string(figure.measure.rawValue),
      "count": .number(figure.count), "total": figure.total.map { .number($0) } ?? .null,
    ]
  }

  private var verdict: JSONValue {
    [
      "outcome": .string(figures.verdict.outcome.rawValue),
      "exitCode": .number(Int(figures.verdict.exitCode)),
      "gatedCount": .number(figures.verdict.gatedCount),
      "gaps": .strings(figures.verdict.gaps),
    ]
  }

  private var summary: JSONValue {
    [
      "byStatus": .object(
        FindingStatus.allCases.map {
          JSONValue.Member($0.rawValue, .number(figures.statusCounts[$0] ?? 0))
        }),
      "failBySeverity": bySeverity(figures.failCounts),
      "failBySeverityWithoutWaivers": bySeverity(figures.failCountsWithoutWaivers),
      "rulesSelected": .number(figures.rules.count),
      "rulesAssessed": .number(figures.assessedRuleCount),
      "newFailures": figures.hasBaseline ? .number(figures.newCount) : .null,
    ]
  }

  private func bySeverity(_ counts: [Severity: Int]) -> JSONValue {
    .object(Severity.allCases.map { JSONValue.Member($0.rawValue, .number(counts[$0] ?? 0)) })
  }

  private var scope: JSONValue {
    let scope = report.scope
    return [
      "namespaces": .array(
        scope.namespaces.map {
          [
            "name": .string($0.name), "workloads": .number($0.workloadCount),
            "meshed": .number($0.meshedCount), "observed": .number($0.observedCount),
            "grants": .number($0.grantCount),
            "undetermined": .number($0.undeterminedCount ?? 0),
          ]
        }),
      "workloads": .number(scope.workloadCount),
      "identities": .number(scope.identityCount),
      "policies": .number(scope.policyCount),
      "certificates": .number(scope.certificateCount),
      "observedRequests": .number(scope.observedRequestCount),
      "verifiedRequests": .number(scope.verifiedRequestCount),
      "trafficFirst": .time(scope.trafficFirst),
      "trafficLast": .time(scope.trafficLast),
      "accessEdges": .object(
        Reach.Outcome.allCases.map {
          JSONValue.Member($0.rawValue, .number(scope.edgeCounts[$0] ?? 0))
        }),
    ]
  }

  private func use(_ use: AccessUse) -> JSONValue {
    [
      "workloads": .array(
        use.workloads.map {
          [
            "workload": .string($0.workload), "grantedOperations": .number($0.grantedCount),
            "usedOperations": .number($0.usedCount), "requests": .number($0.requestCount),
            "decidedRequests": .number($0.decidedCount), "days": .number($0.dayCount),
            "firstSeen": .time($0.firstSeen), "lastSeen": .time($0.lastSeen),
          ]
        }),
      "agreement": [
        "since": .time(use.refusalsSince),
        "percent": use.agreementPercent.map { JSONValue.number($0) } ?? .null,
        "comparedRefusals": .number(use.comparedCount),
        "agreedRefusals": .number(use.agreedCount),
        "refusals": .array(
          use.refusals.map {
            [
              "workload": .string($0.workload), "deniedBy": .text($0.deniedBy),
              "agreed": .number($0.agreedCount), "byAnotherRule": .number($0.otherRuleCount),
              "letThrough": .number($0.allowedCount), "undecided": .number($0.undecidedCount),
              "lastSeen": .time($0.lastSeen),
            ]
          }),
      ],
    ]
  }

  private func input(_ input: InputRecord) -> JSONValue {
    var value: JSONValue = [
      "path": .string(input.path), "kind": .string(input.kind),
      "status": .string(input.status.rawValue), "reason": .text(input.reason),
      "sha256": .text(input.sha256.isEmpty ? nil : input.sha256),
      "bytes": .number(input.byteCount), "records": .number(input.recordCount),
      "rejected": .number(input.rejectedCount), "firstTime": .time(input.firstTime),
      "lastTime": .time(input.lastTime),
    ]
    if input.sha256.isEmpty, !input.blake3.isEmpty, case .object(let members) = value {
      value = .object(members + [.init("blake3", .string(input.blake3))])
    }
    return value
  }

  private func diagnostic(_ diagnostic: Diagnostic) -> JSONValue {
    [
      "code": .string(diagnostic.code), "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.message), "hint": .text(diagnostic.hint),
      "location": location(diagnostic.location),
    ]
  }

  private func location(_ location: SourceLocation?) -> JSONValue {
    guard let location else { return .null }
    return [
      "path": .string(location.path), "line": .number(location.line),
      "column": .number(location.column),
    ]
  }

  private func line(_ line: AuditReport.HistoryLine) -> JSONValue {
    [
      "run": .string(line.runID), "asOf": .time(line.asOf),
      "failBySeverity": bySeverity(line.failCounts),
      "notAssessedRules": .number(line.notAssessedRuleCount),
    ]
  }
}

// MARK: Results, rules and what they bear on

extension FindingsJSON {
  private func finding(_ finding: Finding) -> JSONValue {
    [
      "rule": .string(finding.ruleID), "subject": .string(finding.subject),
      "discriminator": .string(finding.discriminator),
      "status": .string(finding.status.rawValue),
      "severity": .string(finding.severity.rawValue), "message": .string(finding.message),
      "location": location(finding.location), "evidence": finding.evidence,
      "fingerprint": .string(finding.fingerprint), "waiver": .text(finding.waiverID),
      "systems": .strings(finding.systemIDs), "firstSeen": .time(finding.firstSeen),
      "isNew": finding.isNew.map { .bool($0) } ?? .null,
    ]
  }

  private func rule(_ rule: Rule) -> JSONValue {
    [
      "id": .string(rule.id), "name": .string(rule.name), "pack": .string(rule.pack),
      "title": .string(rule.title), "question": .string(rule.question),
      "why": .string(rule.why), "remediation": .string(rule.remediation),
      "severity": .string(rule.severity.rawValue),
      "confidence": .string(rule.confidence.rawValue), "reads": .strings(rule.reads),
      "needs": .strings(rule.needs.map(\.rawValue)), "since": .string(rule.since),
      "aliases": .strings(rule.aliases),
      "parameters": .array(
        rule.parameters.map {
          [
            "name": .string($0.name), "value": $0.defaultValue,
            "documentation": .string($0.documentation),
          ]
        }),
      "references": .array(
        rule.references.map { ["title": .string($0.title), "url": .text($0.url)] }),
      "counts": .object(
        FindingStatus.allCases.map {
          JSONValue.Member($0.rawValue, .number(figures.count(of: rule.id, $0)))
        }),
    ]
  }

  private func framework(_ framework: Framework) -> JSONValue {
    [
      "id": .string(framework.id), "title": .string(framework.title),
      "edition": .string(framework.edition), "source": .string(framework.source),
      "controls": .array(
        framework.controls.map { control in
          let bearing = ControlBearing(control, in: figures)
          return [
            "id": .string(control.id), "label": .string(control.label),
            "title": .string(control.title), "roles": .strings(control.roles),
            "bearing": .string(bearing.outcome.rawValue),
            "isWaived": .bool(bearing.isWaived),
            "rules": .strings(control.mappings.map(\.ruleID)),
            "appliesFrom": .array(
              control.appliesFrom.map {
                [
                  "route": .string($0.route), "from": .string($0.from), "note": .text($0.note),
                ]
              }),
          ]
        }),
    ]
  }

  private func system(_ system: AuditReport.SystemLine) -> JSONValue {
    [
      "id": .string(system.id), "tradeName": .string(system.tradeName),
      "riskClass": .string(system.riskClass.rawValue),
      "roles": .strings(system.roles.map(\.rawValue)), "route": .text(system.route),
      "owner": .text(system.owner), "workloads": .strings(system.workloads),
    ]
  }

  private func waiver(_ waiver: Waiver) -> JSONValue {
    [
      "id": .string(waiver.id), "rules": .strings(waiver.rules), "subject": .text(waiver.subject),
      "fingerprint": .text(waiver.fingerprint),
      "maxMatches": waiver.maxMatches.map { .number($0) } ?? .null,
      "justification": .string(waiver.justification),
      "compensating": .strings(waiver.compensating), "ticket": .text(waiver.ticket),
      "owner": .string(waiver.owner),
      "approvals": .array(
        waiver.approvals.map {
          ["name": .string($0.name), "role": .text($0.role), "at": .text($0.at)]
        }),
      "created": .string(waiver.created.dayText), "expires": .string(waiver.expires.dayText),
      "location": location(waiver.location),
      "matches": .number(figures.findings.count { $0.waiverID == waiver.id }),
    ]
  }
}
