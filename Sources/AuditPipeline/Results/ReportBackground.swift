import AccessAnalysis
import AuditModel
import AuditStore
import MeshModel

/// What a report tells beside its findings, which no rule waits for.
struct ReportBackground: Sendable {
  var scope: AuditReport.Scope
  var use: AccessUse?
  var traffic: TrafficOverview?
  var certificates: CertificateOverview?
  var history: [AuditReport.HistoryLine]
  var meshes: MeshComparison
}

/// Reads it from the store that holds `facts`, and adds it up.
struct BackgroundBuilder: Sendable {
  let facts: RunFacts
  let store: AuditStore
  let asOf: UTCTime

  func background() throws(PipelineError) -> ReportBackground {
    do throws(StoreError) {
      let traffic = try store.traffic()
      return ReportBackground(
        scope: scope(traffic, certificateCount: try store.certificateCount()),
        use: AccessUseBuilder(facts: facts, traffic: traffic, asOf: asOf).use(),
        traffic: TrafficOverviewBuilder(
          facts: facts, traffic: traffic, coverage: try store.coverage(),
          chains: try store.callChains()
        ).overview(),
        certificates: try store.certificateOverview(),
        history: try store.history(limit: 24), meshes: try store.meshComparison())
    } catch {
      throw PipelineError(error)
    }
  }

  private func scope(
    _ traffic: [DistinctTraffic.Row], certificateCount: Int
  ) -> AuditReport.Scope {
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
      certificateCount: certificateCount,
      observedRequestCount: requestCount, verifiedRequestCount: verifiedCount, trafficFirst: first,
      trafficLast: last, edgeCounts: facts.graph.outcomeCounts)
  }
}
