package import MeshModel

/// Joins the lines of the caller's and the called's proxies of the same request, over all inputs of a run.
///
/// The called's line that does not have the caller's identity gets the one that the caller's own proxy's
/// line has. Believed is a pair only where the two lines agree in everything that both tell, and where the
/// id belongs to no third line: an id is a header that any caller may send (docs/decisions/011).
package struct PairJoin: Sendable {
  /// A line among its input's rows.
  private struct Place {
    var input: Int
    var half: PairHalf
  }

  private struct Found {
    var server: Place?
    var client: Place?
    var lineCount = 0
    var isAmbiguous = false
  }

  /// What becomes of the rows of one input.
  private struct Changes {
    /// Who called, of lines of the called's side by row and key.
    var callers: [UInt32: [UInt64: ObservedParty]] = [:]
    /// Lines of the caller's side whose other line was found, by row.
    var pairedCounts: [UInt32: Int] = [:]
  }

  /// Clocks of two nodes, and the time in which a request waits for its connection, stay below this.
  ///
  /// Decision: docs/decisions/011.
  private static let longestDelay: Int64 = 300 * 1_000_000_000

  private var rows: [[PairRows.Row]] = []
  private var found: [UInt64: Found] = [:]
  private var changes: [Changes] = []
  package private(set) var coverage = PairCoverage()

  package init() {}

  /// Takes what an input kept.
  ///
  /// All inputs must keep the same keys (`PairLevel`), and none may hold lines of another.
  package mutating func take(_ result: AccessLogResult) {
    let input = rows.count
    rows.append(result.pairs.rows)
    coverage.serverLineCount += result.counts.pairableServerLines
    coverage.clientLineCount += result.counts.pairableClientLines
    for entry in result.pairs.sample.entries {
      var key = found[entry.hash] ?? Found()
      key.lineCount += entry.ambiguousCount
      if entry.ambiguousCount > 0 { key.isAmbiguous = true }
      for side in [ObservedRequestKey.Side.server, .client] {
        guard let half = entry[side] else { continue }
        key.lineCount += 1
        let path = side == .server ? \Found.server : \Found.client
        if key[keyPath: path] != nil { key.isAmbiguous = true }
        key[keyPath: path] = Place(input: input, half: half)
      }
      found[entry.hash] = key
    }
  }

  /// Decides which lines belong together.
  package mutating func finish() {
    changes = Array(repeating: Changes(), count: rows.count)
    var keptCount = 0
    for (hash, key) in found {
      keptCount += key.lineCount
      guard !key.isAmbiguous else {
        coverage.ambiguousCount += key.lineCount
        continue
      }
      guard let server = key.server else {
        coverage.clientOnlyCount += 1
        continue
      }
      guard let client = key.client else {
        coverage.serverOnlyCount += 1
        continue
      }
      let caller = rows[client.input][Int(client.half.row)].key
      let called = rows[server.input][Int(server.half.row)].key
      guard PairJoin.agree(caller, client.half, called, server.half) else {
        coverage.contradictedCount += 1
        continue
      }
      changes[client.input].pairedCounts[client.half.row, default: 0] += 1
      guard caller.source.principal != nil || caller.source.workload != nil else {
        coverage.unknownCallerCount += 1
        continue
      }
      coverage.joinedCount += 1
      changes[server.input].callers[server.half.row, default: [:]][hash] = ObservedParty(
        principal: caller.source.principal, workload: caller.source.workload)
    }
    coverage.notKeptCount = coverage.serverLineCount + coverage.clientLineCount - keptCount
    found = [:]
  }

  /// Whether two lines can be of one request.
  private static func agree(
    _ caller: ObservedRequestKey, _ client: PairHalf, _ called: ObservedRequestKey,
    _ server: PairHalf
  ) -> Bool {
    guard caller.method == called.method, caller.responseClass == called.responseClass,
      abs(client.time - server.time) <= longestDelay
    else { return false }
    // The same connection, where both say which it was: its end is the peer's own and no header.
    if client.connection != 0, server.connection != 0, client.connection != server.connection {
      return false
    }
    if let one = caller.destination.workload, let other = called.destination.workload, one != other
    {
      return false
    }
    return true
  }

  /// Gives the rows of an input what was found out, in the order in which inputs were taken; halves are
  /// kept no longer.
  package mutating func apply(to result: inout AccessLogResult, ofInput input: Int) {
    let change = changes[input]
    var moves = change.callers.keys.reduce(into: [:]) { moves, row in
      moves[row] = Move(rest: rows[input][Int(row)].rest)
    }
    for entry in result.pairs.sample.entries {
      guard let half = entry.server, let callers = change.callers[half.row] else { continue }
      if let source = callers[entry.hash] {
        moves[half.row]?.sums[source, default: half.emptySum].add(half.sum)
      } else {
        moves[half.row]?.keep(PairRows.Times(half.sum))
      }
    }
    for (row, move) in moves { result.apply(move, to: rows[input][Int(row)].key) }
    for (row, count) in change.pairedCounts {
      result.requests[rows[input][Int(row)].key]?.pairedCount += count
    }
    result.pairs = PairRows(keyLimit: result.options.pairLimit)
    changes[input] = Changes()
    rows[input] = []
  }

  /// What of a row moves to other callers.
  fileprivate struct Move {
    /// When the lines were that stay.
    var rest: PairRows.Times?
    var sums: [ObservedParty: ObservedRequestSum] = [:]

    mutating func keep(_ times: PairRows.Times) { rest = times.joined(rest) }
  }
}

extension AccessLogResult {
  fileprivate mutating func apply(_ move: PairJoin.Move, to row: ObservedRequestKey) {
    guard var stays = requests[row] else { return }
    for (source, sum) in move.sums {
      stays.subtract(sum)
      var key = row
      key.source = source
      key.identitySource = .requestPair
      var moved = sum
      moved.pairedCount = sum.count
      if requests[key]?.add(moved) == nil { requests[key] = moved }
    }
    if let rest = move.rest, stays.count > 0 {
      (stays.firstSeen, stays.lastSeen) = (rest.first, rest.last)
      requests[row] = stays
    } else {
      requests[row] = nil
    }
  }
}
