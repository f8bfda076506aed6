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
  let findings: [Finding]
  let certificates: CertificateSummary
  let waivers: [Waiver]
  let store: AuditStore

  func report() throws(PipelineError) -> AuditReport {
    let traffic: [(key: ObservedRequestKey, sum: ObservedRequestSum)]
    let history: [AuditReport.HistoryLine]
    let coverage: [WorkloadID: AuditStore.Coverage]
    let chains: [CallChain]
    let meshes: MeshComparison
    do throws(StoreError) {
      traffic = try store.traffic()
      history = try store.history(limit: 24)
      coverage = try store.coverage()
      chains = try store.callChains()
      meshes = try store.meshComparison()
    } catch {
      throw PipelineError(error)
    }
    let waived = WaiverApplication.apply(
      waivers, to: marked(findings), knownRules: knownRules, asOf: run.asOf, hash: Digest.sha256)
    let rules =
      waivers.isEmpty
      ? catalog.rules : (catalog.rules + WaiverRules.all).sorted { $0.id < $1.id }
    var report = AuditReport(
      run: AuditReport.RunInfo(
        id: run.key, sequence: sequence,
        toolVersion: run.toolVersion, asOf: run.asOf, startedAt: run.startedAt,
        finishedAt: options.asOf ?? UTCTime.now, rulesDigest: run.rulesDigest,
        arguments: options.arguments, failOn: options.failOn, cluster: run.cluster),
      scope: scope(traffic), inputs: facts.inputs, diagnostics: facts.diagnostics,
      assumptions: access.assumptions.map(\.message), rules: rules, findings: waived,
      frameworks: catalog.frameworks, systems: systems(), waivers: waivers, history: history,
      certificates: certificates.overview,
      use: AccessUseBuilder(facts: facts, traffic: traffic, asOf: run.asOf).use())
    report.traffic = TrafficOverviewBuilder(
      facts: facts, traffic: traffic, coverage: coverage, chains: chains
    ).overview()
    report.meshes = meshes
    return report
  }

  /// Which AI systems each finding concerns.
  private func marked(_ findings: [Finding]) -> [Finding] {
    let bySubject = Dictionary(
      grouping: facts.members, by: { "workload \($0.workload)" }
    ).mapValues { $0.map(\.systemID).sorted() }
    return findings.map { finding in
      var finding = finding
      if finding.systemIDs.isEmpty {
        if let systems = bySubject[finding.subject] {
          finding.systemIDs = systems
        } else if finding.subject.hasPrefix("system ") {
          finding.systemIDs = [String(finding.subject.dropFirst("system ".count))]
        }
      }
      return finding
    }
  }

  private func scope(_ traffic: [(key: ObservedRequestKey, sum: ObservedRequestSum)])
    -> AuditReport.Scope
  {
    var observed: Set<WorkloadID> = []
    let (requestCount, verifiedCount) = DistinctTraffic.counts(traffic)
    var first: UTCTime?
    var last: UTCTime?
    for (key, sum) in traffic {
      first = min(first ?? sum.firstSeen, sum.firstSeen)
      last = max(last ?? sum.lastSeen, sum.lastSeen)
      guard key.side == .server, key.evidence != .trace else { continue }
      if let workload = key.destination.workload { observed.insert(workload) }
    }
    var lines: [String: AuditReport.Scope.NamespaceLine] = [:]
    for fact in facts.workloads {
      let name = fact.workload.id.namespace
      var line =
        lines[name]
        ?? .init(name: name, workloadCount: 0, meshedCount: 0, observedCount: 0, grantCount: 0)
      line.workloadCount += 1
      if fact.dataplane != .none { line.meshedCount += 1 }
      if fact.lacksNamespace { line.undeterminedCount = (line.undeterminedCount ?? 0) + 1 }
      if observed.contains(fact.workload.id) { line.observedCount += 1 }
      lines[name] = line
    }
    for policy in facts.policies where policy.action == .allow && !policy.isDryRun {
      let rules = policy.rules.count
      for workload in policy.attachedTo { lines[workload.namespace]?.grantCount += rules }
    }
    return AuditReport.Scope(
      namespaces: lines.values.sorted { $0.name < $1.name }, workloadCount: facts.workloads.count,
      identityCount: Set(facts.workloads.compactMap(\.principal)).count,
      policyCount: facts.policies.count,
      certificateCount: certificates.count,
      observedRequestCount: requestCount, verifiedRequestCount: verifiedCount, trafficFirst: first,
      trafficLast: last, edgeCounts: facts.graph.outcomeCounts)
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
