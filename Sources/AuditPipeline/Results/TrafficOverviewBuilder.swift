import AuditModel
import AuditStore
import MeshModel

/// Puts together what the report tells of the traffic.
struct TrafficOverviewBuilder {
  /// Chains that the report shows; all are in the view `call_chain`.
  static let chainLimit = 25

  let facts: RunFacts
  let traffic: [(key: ObservedRequestKey, sum: ObservedRequestSum)]
  let coverage: [WorkloadID: AuditStore.Coverage]
  let chains: [CallChain]

  /// Nil when nothing was observed.
  func overview() -> TrafficOverview? {
    guard !traffic.isEmpty else { return nil }
    return TrafficOverview(
      evidence: evidence(), coverage: lines(),
      chains: shownChains().map { chain in
        TrafficOverview.ChainLine(
          hops: chain.key.hops.map { $0.workload?.description ?? $0.host ?? "" },
          callCount: chain.count, lastSeen: chain.lastSeen)
      }, chainCount: chains.count)
  }

  /// The chains with most calls, without those that are but a part of a longer one with as many calls.
  private func shownChains() -> [CallChain] {
    let candidates = Array(chains.prefix(1_000))
    let shown = candidates.lazy.filter { chain in
      !candidates.contains { longer in
        longer.count >= chain.count && longer.key.hops.count > chain.key.hops.count
          && longer.key.hops.contains(chain.key.hops)
      }
    }
    return Array(shown.prefix(TrafficOverviewBuilder.chainLimit))
  }

  private func evidence() -> [TrafficOverview.EvidenceLine] {
    var lines: [TrafficEvidence: TrafficOverview.EvidenceLine] = [:]
    for (key, sum) in traffic where key.side == .server {
      var line =
        lines[key.evidence]
        ?? .init(
          evidence: key.evidence.rawValue, requestCount: 0, verifiedCount: 0,
          firstSeen: sum.firstSeen, lastSeen: sum.lastSeen)
      line.requestCount += sum.count
      if key.identitySource.isVerified { line.verifiedCount += sum.count }
      line.firstSeen = min(line.firstSeen, sum.firstSeen)
      line.lastSeen = max(line.lastSeen, sum.lastSeen)
      lines[key.evidence] = line
    }
    return TrafficEvidence.allCases.compactMap { lines[$0] }
  }

  private func lines() -> [TrafficOverview.CoverageLine] {
    facts.workloads.filter { $0.dataplane != .none }.map(\.workload.id).sorted().map { id in
      let seen = coverage[id]
      return TrafficOverview.CoverageLine(
        workload: id.description, firstSeen: seen?.firstSeen, lastSeen: seen?.lastSeen,
        hourCount: seen?.hourCount ?? 0, spanHourCount: seen?.spanHourCount ?? 0,
        longestGapHours: seen?.longestGapHours ?? 0)
    }
  }
}
