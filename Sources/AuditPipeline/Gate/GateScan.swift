import AuditModel
import MeshModel
import Reporting
import RuleEngine

/// What a gate has to show at the changed lines, as a report for code scanning: access that opens
/// (LP-059), observed requests that break (LP-060), and new findings.
struct GateScan {
  let findings: [Finding]
  let rules: [Rule]
  let inputs: [InputRecord]
  let asOf: UTCTime

  var report: AuditReport {
    let used = Set(findings.map(\.ruleID))
    let catalog = (rules + WaiverRules.all).filter { used.contains($0.id) }
    return AuditReport(
      run: AuditReport.RunInfo(
        id: "gate", sequence: 1, toolVersion: Version.current, asOf: asOf, startedAt: asOf,
        finishedAt: asOf, rulesDigest: "", arguments: [], failOn: nil, cluster: ""),
      scope: AuditReport.Scope(
        namespaces: [], workloadCount: 0, identityCount: 0, policyCount: 0, certificateCount: 0,
        observedRequestCount: 0, verifiedRequestCount: 0, trafficFirst: nil, trafficLast: nil,
        edgeCounts: [:]),
      inputs: inputs, diagnostics: [], assumptions: [],
      rules: catalog.sorted { $0.id < $1.id }, findings: findings.sorted(by: Finding.isBefore),
      frameworks: [], systems: [], waivers: [], history: [])
  }
}
