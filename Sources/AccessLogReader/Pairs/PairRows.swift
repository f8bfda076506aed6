import MeshModel

/// Which rows of a result have halves of pairs, and between which times their other lines are.
///
/// The sums of a result count all lines. What becomes of a row when some of its lines move to another one
/// can be told of counts, which subtract, but not of its first and last time: those of the lines that are
/// not kept apart are remembered here.
struct PairRows: Sendable {
  struct Times: Hashable, Sendable {
    var first: UTCTime
    var last: UTCTime

    init(_ sum: ObservedRequestSum) { (first, last) = (sum.firstSeen, sum.lastSeen) }

    init(first: UTCTime, last: UTCTime) { (self.first, self.last) = (first, last) }

    func joined(_ other: Times?) -> Times {
      guard let other else { return self }
      return Times(first: min(first, other.first), last: max(last, other.last))
    }
  }

  struct Row: Hashable, Sendable {
    var key: ObservedRequestKey
    /// Nil where all lines of the row are halves that are kept.
    var rest: Times?
  }

  /// Their halves' `row` is an index into `rows`.
  private(set) var sample: PairSample
  private(set) var rows: [Row] = []
  private var indices: [ObservedRequestKey: UInt32] = [:]

  init(keyLimit: Int) {
    sample = PairSample(keyLimit: keyLimit)
  }

  /// The row of a key.
  func row(of key: ObservedRequestKey) -> Row? {
    guard !indices.isEmpty, let index = indices[key] else { return nil }
    return rows[Int(index)]
  }

  /// The number of a key's row, which is made when there is none.
  ///
  /// - Parameter others: when the lines were that its result has so far, nil for none.
  mutating func index(
    of key: ObservedRequestKey, others: @autoclosure () -> ObservedRequestSum?
  ) -> UInt32 {
    if let index = indices[key] { return index }
    let index = UInt32(rows.count)
    rows.append(Row(key: key, rest: others().map(Times.init)))
    indices[key] = index
    return index
  }

  /// Notes when lines of a row were that are not kept apart.
  mutating func addRest(_ times: Times?, to row: UInt32) {
    guard let times else { return }
    rows[Int(row)].rest = times.joined(rows[Int(row)].rest)
  }

  /// Notes when lines of a key were, where it has a row.
  mutating func addRest(_ sum: ObservedRequestSum, to key: ObservedRequestKey) {
    guard !indices.isEmpty, let index = indices[key] else { return }
    addRest(Times(sum), to: index)
  }

  /// Adds what another sample kept, its halves with the numbers of rows here.
  mutating func add(_ entries: some Sequence<PairSample.Entry>, keyLimit: Int, level: Int) {
    sample.limit(keys: keyLimit)
    sample.raise(to: level)
    add(entries)
  }

  /// Adds what is known of keys, its halves with the numbers of rows here.
  mutating func add(_ entries: some Sequence<PairSample.Entry>) {
    for entry in entries {
      sample.add(entry)
      takeReleased()
    }
    takeReleased()
  }

  /// Lets go of every key beyond a level.
  mutating func raise(to level: Int) {
    sample.raise(to: level)
    takeReleased()
  }

  /// What was kept and is no more is among the other lines of its row.
  private mutating func takeReleased() {
    guard !sample.released.isEmpty else { return }
    for half in sample.released {
      let moment = UTCTime(nanosecondsSince1970: half.time)
      addRest(Times(first: moment, last: moment), to: half.row)
    }
    sample.released.removeAll(keepingCapacity: true)
  }

  /// The halves of each row, in an order that only they decide; rows without are not among them.
  var halvesByRow: [ObservedRequestKey: [(hash: UInt64, half: PairHalf)]] {
    var lists: [[(hash: UInt64, half: PairHalf)]] = Array(repeating: [], count: rows.count)
    for entry in sample.entries.sorted(by: { $0.hash < $1.hash }) {
      for case let half? in [entry.server, entry.client] {
        lists[Int(half.row)].append((entry.hash, half))
      }
    }
    var result: [ObservedRequestKey: [(hash: UInt64, half: PairHalf)]] = [:]
    for (row, list) in zip(rows, lists) where !list.isEmpty { result[row.key] = list }
    return result
  }
}

extension PairRows: Hashable {
  /// Equal when they keep the same, in whatever order they came by it.
  static func == (left: PairRows, right: PairRows) -> Bool {
    left.sample.level == right.sample.level && left.content == right.content
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(sample.level)
    hasher.combine(sample.entries.count)
  }

  private struct Kept: Hashable {
    var entry: PairSample.Entry
    var server: Row?
    var client: Row?
  }

  private var content: Set<Kept> {
    Set(
      sample.entries.map { entry in
        var entry = entry
        let kept = [entry.server, entry.client].map { $0.map { rows[Int($0.row)] } }
        entry.server?.row = 0
        entry.client?.row = 0
        return Kept(entry: entry, server: kept[0], client: kept[1])
      })
  }
}
