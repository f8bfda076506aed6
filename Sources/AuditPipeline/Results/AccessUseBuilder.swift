import AccessAnalysis
import AuditModel
import MeshModel

/// Adds up what the report says of use and of agreement with the mesh.
///
/// Days and exceptions are those of the rules LP-057 and LP-062 as they come.
struct AccessUseBuilder {
  private static let useDays = 30
  private static let refusalDays = 14
  /// Envoy's filters that refuse by no policy of the mesh.
  private static let otherFilters: Set<String> = ["ext_authz_denied", "jwt_authn_access_denied"]

  let facts: RunFacts
  let traffic: [(key: ObservedRequestKey, sum: ObservedRequestSum)]
  let asOf: UTCTime

  /// Nil when no traffic of a known workload was observed.
  func use() -> AccessUse? {
    let decisions = Dictionary(
      facts.observedDecisions.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let refusalsSince = asOf.adding(days: -AccessUseBuilder.refusalDays)
    var windows: [WorkloadID: Window] = [:]
    var refusals: [RefusalKey: AccessUse.RefusalLine] = [:]
    for (key, sum) in DistinctTraffic.of(traffic) where key.side == .server {
      guard let workload = key.destination.workload, let decision = decisions[key] else { continue }
      windows[workload, default: Window()].add(key, sum, decision)
      if key.outcome == .denied, key.evidence == .log, sum.lastSeen >= refusalsSince,
        !AccessUseBuilder.otherFilters.contains(key.deniedBy ?? "")
      {
        let place = RefusalKey(workload: workload, deniedBy: key.deniedBy)
        var line =
          refusals[place]
          ?? .init(
            workload: workload.description, deniedBy: key.deniedBy, lastSeen: sum.lastSeen)
        AccessUseBuilder.add(sum, decision, to: &line)
        refusals[place] = line
      }
    }
    guard !windows.isEmpty else { return nil }
    return AccessUse(
      workloads: lines(windows),
      refusals: refusals.sorted { $0.key < $1.key }.map(\.value), refusalsSince: refusalsSince)
  }

  private struct RefusalKey: Hashable, Comparable {
    var workload: WorkloadID
    var deniedBy: String?

    static func < (left: RefusalKey, right: RefusalKey) -> Bool {
      (left.workload, left.deniedBy ?? "") < (right.workload, right.deniedBy ?? "")
    }
  }

  private static func add(
    _ sum: ObservedRequestSum, _ decision: ObservedDecision, to line: inout AccessUse.RefusalLine
  ) {
    line.lastSeen = max(line.lastSeen, sum.lastSeen)
    switch decision.decision {
    case .allow: line.allowedCount += sum.count
    case .delegate, .unknown: line.undecidedCount += sum.count
    case .deny:
      if line.deniedBy == nil || line.deniedBy == decision.decidedBy {
        line.agreedCount += sum.count
      } else {
        line.otherRuleCount += sum.count
      }
    }
  }

  // MARK: Use

  private struct Window {
    var requestCount = 0
    var decidedCount = 0
    var days: Set<String> = []
    var first: UTCTime?
    var last: UTCTime?

    mutating func add(
      _ key: ObservedRequestKey, _ sum: ObservedRequestSum, _ decision: ObservedDecision
    ) {
      requestCount += sum.count
      if decision.decision != .unknown { decidedCount += sum.count }
      days.insert(key.day)
      first = min(first ?? sum.firstSeen, sum.firstSeen)
      last = max(last ?? sum.lastSeen, sum.lastSeen)
    }
  }

  /// What several rules grant is one operation of the workload.
  private struct Operation: Hashable {
    var port: Int
    var method: String?
    var path: String?

    init(_ granted: GrantedOperation) {
      port = granted.port
      method = granted.method
      path = granted.path
    }
  }

  private func lines(_ windows: [WorkloadID: Window]) -> [AccessUse.WorkloadLine] {
    let usage = facts.operationUsage
    let since = asOf.adding(days: -AccessUseBuilder.useDays)
    var usedPlaces: Set<Int> = []
    for (key, sum) in traffic where sum.lastSeen >= since {
      usedPlaces.formUnion(usage.uses[key] ?? [])
    }
    var granted: [WorkloadID: Set<Operation>] = [:]
    var used: [WorkloadID: Set<Operation>] = [:]
    let outside = outsidePorts
    for (place, operation) in usage.granted.enumerated() {
      guard !outside.contains(.init(workload: operation.workload, port: operation.port)) else {
        continue
      }
      granted[operation.workload, default: []].insert(Operation(operation))
      if usedPlaces.contains(place) {
        used[operation.workload, default: []].insert(Operation(operation))
      }
    }
    return granted.sorted { $0.key < $1.key }.compactMap { workload, operations in
      guard let window = windows[workload], let first = window.first, let last = window.last else {
        return nil
      }
      return AccessUse.WorkloadLine(
        workload: workload.description, grantedCount: operations.count,
        usedCount: used[workload]?.count ?? 0, requestCount: window.requestCount,
        decidedCount: window.decidedCount, dayCount: window.days.count, firstSeen: first,
        lastSeen: last)
    }
  }

  /// A gateway's server without mesh TLS knows callers by tokens, which a log does not keep.
  private var outsidePorts: Set<AccessGraph.Destination> {
    let gateways = Set(
      facts.workloads.lazy.filter { $0.dataplane == .gateway }.map(\.workload.id))
    return Set(
      facts.ports.lazy.filter { gateways.contains($0.workload) && $0.mtlsMode != .strict }
        .map { AccessGraph.Destination(workload: $0.workload, port: $0.port) })
  }
}
