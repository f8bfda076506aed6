import AccessAnalysis
import AuditModel
import AuditStore
import MeshModel
import RegisterReader
import RuleEngine

/// Puts a run together as the one snapshot that every report is rendered from.
struct ReportBuilder {
  let options: AuditOptions
  let run: RunStart
  let sequence: Int
  let facts: RunFacts
  let access: AccessModel
  let catalog: RuleCatalog
  /// Ids and aliases of all rules, also of those that were not selected.
  let knownRules: Set<String>
  let waivers: [Waiver]
  let background: ReportBackground

  func report(of findings: consuming [Finding]) -> AuditReport {
    mark(&findings)
    let waived = WaiverApplication.apply(
      waivers, to: findings, knownRules: knownRules, asOf: run.asOf, hash: Digest.sha256)
    let rules =
      waivers.isEmpty
      ? catalog.rules : (catalog.rules + WaiverRules.all).sorted { $0.id < $1.id }
    var report = AuditReport(
      run: AuditReport.RunInfo(
        id: run.key, sequence: sequence,
        toolVersion: run.toolVersion, asOf: run.asOf, startedAt: run.startedAt,
        finishedAt: options.asOf ?? UTCTime.now, rulesDigest: run.rulesDigest,
        arguments: options.arguments, failOn: options.failOn, cluster: run.cluster),
      scope: background.scope, inputs: facts.inputs, diagnostics: facts.diagnostics,
      assumptions: access.assumptions.map(\.message), rules: rules, findings: waived,
      frameworks: catalog.frameworks, systems: systems(), waivers: waivers,
      history: background.history, certificates: background.certificates, use: background.use)
    report.traffic = background.traffic
    report.meshes = background.meshes
    return report
  }

  /// Adds which AI systems each finding concerns.
  private func mark(_ findings: inout [Finding]) {
    let bySubject = Dictionary(
      grouping: facts.members, by: { "workload \($0.workload)" }
    ).mapValues { $0.map(\.systemID).sorted() }
    for index in findings.indices where findings[index].systemIDs.isEmpty {
      let subject = findings[index].subject
      if let systems = bySubject[subject] {
        findings[index].systemIDs = systems
      } else if subject.hasPrefix("system ") {
        findings[index].systemIDs = [String(subject.dropFirst("system ".count))]
      }
    }
  }

  private func systems() -> [AuditReport.SystemLine] {
    (facts.register?.systems ?? []).map { system in
      AuditReport.SystemLine(
        id: system.id, tradeName: system.tradeName, riskClass: system.riskClass,
        roles: system.roles, route: system.classificationRoute, owner: system.owner,
        workloads: facts.members.filter { $0.systemID == system.id }
          .map(\.workload.description).sorted())
    }
  }
}
