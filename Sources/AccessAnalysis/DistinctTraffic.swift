package import MeshModel

/// Leaves out of observed traffic what another evidence of the same calls shows better.
///
/// A counter's row is left out where log lines of the server's side, of the same day or the one before,
/// show the same caller at the same workload: the lines have method and path. Traces are left out altogether: they
/// are samples, and nothing in them is verified.
package enum DistinctTraffic {
  package typealias Row = (key: ObservedRequestKey, sum: ObservedRequestSum)

  package static func of(_ traffic: some Sequence<Row>) -> [Row] {
    func calls(_ key: ObservedRequestKey) -> [Call] {
      guard let destination = key.destination.workload else { return [] }
      var calls: [Call] = []
      if key.source.principal == nil, key.source.workload == nil {
        calls.append(Call(day: key.day, destination: destination, isMTLS: .some(key.isMTLS)))
      }
      if let principal = key.source.principal {
        calls.append(Call(day: key.day, destination: destination, principal: principal))
      }
      if let workload = key.source.workload {
        calls.append(Call(day: key.day, destination: destination, workload: workload))
      }
      return calls
    }
    let rows = Array(traffic)
    guard rows.contains(where: { $0.key.evidence != .log }) else { return rows }
    var logged: Set<Call> = []
    for row in rows where row.key.evidence == .log && row.key.side == .server {
      logged.formUnion(calls(row.key))
      // A counter may have been read after midnight.
      var next = row.key
      next.day = UTCTime(row.key.day)?.adding(days: 1).dayText ?? ""
      logged.formUnion(calls(next))
    }
    return rows.filter { row in
      switch row.key.evidence {
      case .log: true
      case .counter: row.key.side == .client || logged.isDisjoint(with: calls(row.key))
      case .trace: false
      }
    }
  }

  /// How many requests were served, and how many of them by verified callers.
  ///
  /// Each call counts once: on its server's side, and by the evidence that saw most of a workload on a
  /// day.
  package static func counts(_ traffic: some Sequence<Row>) -> (served: Int, verified: Int) {
    var sums: [Day: [TrafficEvidence: (served: Int, verified: Int)]] = [:]
    for (key, sum) in traffic where key.side == .server && key.evidence != .trace {
      var party = key.destination
      // A log names the identity of the called where a counter may not.
      if party.workload != nil { party = ObservedParty(workload: party.workload) }
      var count = sums[Day(day: key.day, destination: party), default: [:]][key.evidence] ?? (0, 0)
      count.served += sum.count
      if key.identitySource.isVerified { count.verified += sum.count }
      sums[Day(day: key.day, destination: party), default: [:]][key.evidence] = count
    }
    var total = (served: 0, verified: 0)
    for evidences in sums.values {
      total.served += evidences.values.map(\.served).max() ?? 0
      total.verified += evidences.values.map(\.verified).max() ?? 0
    }
    return total
  }
}

/// A caller at a workload on a day.
private struct Call: Hashable {
  var day: String
  var destination: WorkloadID
  var principal: String?
  var workload: WorkloadID?
  /// Of a caller who is unknown: whether there was mutual TLS, as far as it is known.
  var isMTLS: Bool??
}

/// What was called on a day.
private struct Day: Hashable {
  var day: String
  var destination: ObservedParty
}
