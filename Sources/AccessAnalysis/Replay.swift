import AuditModel
package import MeshModel

/// What a change of policies does to requests that were really made.
///
/// Each observed request is decided under both configurations. A caller whose identity the change gives
/// another name is replayed under its new one.
package struct Replay: Sendable {
  package enum Effect: String, Sendable, Hashable, CaseIterable {
    /// The base lets it through, the mesh did, and the head refuses it.
    case breaks
    /// The base refuses it and the head lets it through.
    case opens
    /// One side cannot decide, and the two do not agree.
    case unknown
    /// The mesh let it through although both refuse it.
    case unexplained
    /// Both decide alike.
    case same
  }

  /// Requests of one shape, added up over days.
  package struct Line: Sendable {
    package var effect: Effect
    package var source: ObservedParty
    package var destination: WorkloadID
    package var port: Int
    package var protocolName: String
    package var method: String?
    package var pathTemplate: String?
    package var outcome: ObservedRequestKey.Outcome
    package var base: DecisionRecord
    package var head: DecisionRecord
    package var count: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
  }

  /// Everything but `same`: by effect, most requests first.
  package var lines: [Line]
  /// Requests by effect.
  package var requestCounts: [Effect: Int]
  /// Requests whose destination no base manifest describes, or of one side of the call that does not
  /// decide: they are not replayed.
  package var skippedCount: Int

  package init(
    _ traffic: some Sequence<(key: ObservedRequestKey, sum: ObservedRequestSum)>,
    from base: AccessModel, to head: AccessModel
  ) {
    let identities = IdentityMoves(from: base, to: head)
    var sums: [ObservedRequestKey: ObservedRequestSum] = [:]
    var skipped = 0
    for (key, sum) in DistinctTraffic.of(traffic) {
      guard key.side == .server else { continue }
      guard let workload = key.destination.workload, key.port != nil,
        base.fact(of: workload) != nil || head.fact(of: workload) != nil
      else {
        skipped += sum.count
        continue
      }
      var key = key
      key.day = ""
      key.responseClass = ""
      key.format = ""
      if sums[key] == nil { sums[key] = sum } else { sums[key]?.add(sum) }
    }
    var counts: [Effect: Int] = [:]
    var found: [LineKey: Line] = [:]
    for (key, sum) in sums {
      guard let workload = key.destination.workload, let port = key.port else { continue }
      let before = Replay.decision(base, key)
      let after = Replay.decision(head, identities.moved(key))
      let effect = Replay.effect(before.decision, after.decision, key.outcome)
      counts[effect, default: 0] += sum.count
      guard effect != .same else { continue }
      let line = Line(
        effect: effect, source: key.source, destination: workload, port: port,
        protocolName: key.protocolName, method: key.method, pathTemplate: key.pathTemplate,
        outcome: key.outcome, base: before, head: after, count: sum.count,
        firstSeen: sum.firstSeen, lastSeen: sum.lastSeen)
      let lineKey = LineKey(line)
      if var known = found[lineKey] {
        known.count += line.count
        known.firstSeen = min(known.firstSeen, line.firstSeen)
        known.lastSeen = max(known.lastSeen, line.lastSeen)
        found[lineKey] = known
      } else {
        found[lineKey] = line
      }
    }
    lines = found.values.sorted(by: Replay.isBefore)
    requestCounts = counts
    skippedCount = skipped
  }

  private static func decision(_ model: AccessModel, _ key: ObservedRequestKey) -> DecisionRecord {
    guard let observed = model.observedDecisions(on: [key]).first else {
      return DecisionRecord(
        .unknown, reason: "no manifest describes the destination", layer: .none)
    }
    return DecisionRecord(
      observed.decision, decidedBy: observed.decidedBy, reason: observed.reason,
      layer: observed.layer)
  }

  private static func effect(
    _ base: Decision, _ head: Decision, _ outcome: ObservedRequestKey.Outcome
  ) -> Effect {
    let wasLetThrough = outcome != .denied
    switch (base, head) {
    case (.unknown, .unknown): return .same
    case (.unknown, _), (_, .unknown): return .unknown
    case (.deny, .deny): return wasLetThrough ? .unexplained : .same
    case (.deny, _): return .opens
    // What the mesh refused anyway does not break.
    case (_, .deny): return wasLetThrough ? .breaks : .same
    default: return .same
    }
  }

  private struct LineKey: Hashable {
    var effect: Effect
    var source: ObservedParty
    var destination: WorkloadID
    var port: Int
    var method: String?
    var pathTemplate: String?
    var outcome: ObservedRequestKey.Outcome

    init(_ line: Line) {
      effect = line.effect
      source = line.source
      destination = line.destination
      port = line.port
      method = line.method
      pathTemplate = line.pathTemplate
      outcome = line.outcome
    }
  }

  private static func isBefore(_ left: Line, _ right: Line) -> Bool {
    func rank(_ effect: Effect) -> Int { Effect.allCases.firstIndex(of: effect) ?? 0 }
    func key(_ line: Line) -> (Int, Int, String, Int, String) {
      (rank(line.effect), -line.count, line.destination.description, line.port, line.text)
    }
    return key(left) < key(right)
  }
}

extension Replay.Line {
  /// How reports name the caller.
  package var sourceName: String {
    source.workload?.description ?? source.principal ?? source.host ?? "no identity"
  }

  /// `POST /v1/plans`, or the protocol.
  package var operation: String {
    let parts = [method, pathTemplate].compactMap { $0 }
    return parts.isEmpty ? protocolName : parts.joined(separator: " ")
  }

  fileprivate var text: String { "\(sourceName) \(operation) \(outcome.rawValue)" }
}

/// Which identity a caller has after a change that gave it before.
private struct IdentityMoves {
  private let base: AccessModel
  private let head: AccessModel

  init(from base: AccessModel, to head: AccessModel) {
    self.base = base
    self.head = head
  }

  /// The key as the same caller would make it under the head.
  ///
  /// Only when the caller is beyond doubt: the named workload, or all that shared the identity and share
  /// one again.
  func moved(_ key: ObservedRequestKey) -> ObservedRequestKey {
    guard let principal = key.source.principal else { return key }
    let callers: [WorkloadID]
    if let workload = key.source.workload, base.fact(of: workload)?.principal == principal {
      callers = [workload]
    } else {
      callers = base.workloads(withPrincipal: principal)
    }
    let identities = Set(callers.map { head.fact(of: $0)?.principal ?? "" })
    guard identities.count == 1, let identity = identities.first, !identity.isEmpty,
      identity != principal
    else { return key }
    var key = key
    key.source.principal = identity
    return key
  }
}
