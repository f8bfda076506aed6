import AuditModel
import MeshModel
import Reporting
import RuleEngine

/// What a gate has to show at the changed lines, as a report for code scanning: access that opens
/// (LP-059), observed requests that break (LP-060), and new findings.
struct GateScan {
  let access: [GateReport.AccessLine]
  let replay: [GateReport.ReplayLine]
  let findings: [Finding]
  let rules: [Rule]
  let inputs: [InputRecord]
  let asOf: UTCTime

  var report: AuditReport {
    let all = (opened + broken + findings).sorted(by: Finding.isBefore)
    let used = Set(all.map(\.ruleID))
    let catalog = (rules + [GateRules.opens, GateRules.breaks] + WaiverRules.all)
      .filter { used.contains($0.id) }
    var seen: Set<String> = []
    return AuditReport(
      run: AuditReport.RunInfo(
        id: "gate", sequence: 1, toolVersion: Version.current, asOf: asOf, startedAt: asOf,
        finishedAt: asOf, rulesDigest: "", arguments: [], failOn: nil, cluster: ""),
      scope: AuditReport.Scope(
        namespaces: [], workloadCount: 0, identityCount: 0, policyCount: 0, certificateCount: 0,
        observedRequestCount: 0, verifiedRequestCount: 0, trafficFirst: nil, trafficLast: nil,
        edgeCounts: [:]),
      inputs: inputs, diagnostics: [], assumptions: [],
      rules: catalog.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id },
      findings: all, frameworks: [], systems: [], waivers: [], history: [])
  }

  private var opened: [Finding] {
    access.filter { GateReportBuilder.opens($0) }.map { line in
      let source = GateScan.list(line.sources)
      let destination = GateScan.list(line.destinations)
      return finding(
        GateRules.opens, subject: "edge \(source) -> \(destination)",
        message: "opens \(destination) for \(source): \(GateScan.list(line.opened))"
          + GateScan.by(line.causes.first),
        cause: line.causes.first,
        evidence: [
          "sources": GateScan.strings(line.sources),
          "destinations": GateScan.strings(line.destinations),
          "opened": GateScan.strings(line.opened), "before": .string(line.before),
          "after": .string(line.after),
        ])
    }
  }

  private var broken: [Finding] {
    replay.filter { $0.effect == "breaks" }.map { line in
      finding(
        GateRules.breaks, subject: "edge \(line.source) -> \(line.destination)",
        discriminator: line.operation,
        message: "refuses \(line.operation) from \(line.source) to \(line.destination), "
          + "observed \(GateReportBuilder.count(line.count, "time"))" + GateScan.by(line.cause),
        cause: line.cause,
        evidence: [
          "requests": .int(Int64(line.count)), "first_seen": .string(line.firstSeen.text),
          "last_seen": .string(line.lastSeen.text), "before": .string(line.before),
          "after": .string(line.after),
        ])
    }
  }

  private func finding(
    _ rule: Rule, subject: String, discriminator: String = "", message: String,
    cause: GateReport.Cause?, evidence: JSONValue
  ) -> Finding {
    Finding(
      ruleID: rule.id, subject: subject, discriminator: discriminator, status: .fail,
      severity: rule.severity, message: message, location: cause?.location, evidence: evidence,
      fingerprint: Fingerprint.of(
        ruleID: rule.id, subject: subject, discriminator: discriminator, hash: Digest.sha256),
      isNew: true)
  }

  private static func by(_ cause: GateReport.Cause?) -> String {
    cause.map { ", by \($0.text) \($0.action)" } ?? ""
  }

  private static func strings(_ values: [String]) -> JSONValue {
    .array(values.map { .string($0) })
  }

  static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}
