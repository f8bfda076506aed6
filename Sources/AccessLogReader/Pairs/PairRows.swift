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
  /// Number of a row plus one, 0 for a free slot; a power of two of them, at least twice as many as rows.
  ///
  /// No dictionary, for it would hold a second copy of every key.
  private var slots: [UInt32] = []

  init(keyLimit: Int) {
    sample = PairSample(keyLimit: keyLimit)
  }

  /// Makes room for more rows.
  mutating func reserve(_ count: Int) {
    rows.reserveCapacity(rows.count + count)
  }

  /// The number of a key's row; nil when it has none.
  func number(of key: ObservedRequestKey) -> UInt32? {
    guard !rows.isEmpty else { return nil }
    let found = slots[slot(of: key)]
    return found == 0 ? nil : found - 1
  }

  /// The number of a key's row, which is made when there is none.
  ///
  /// - Parameter others: when the lines were that its result has so far, nil for none.
  mutating func index(
    of key: ObservedRequestKey, others: @autoclosure () -> ObservedRequestSum?
  ) -> UInt32 {
    if rows.count * 2 >= slots.count { index(slotCount: max(64, slots.count * 2)) }
    let slot = slot(of: key)
    if slots[slot] != 0 { return slots[slot] - 1 }
    rows.append(Row(key: key, rest: others().map(Times.init)))
    slots[slot] = UInt32(rows.count)
    return UInt32(rows.count - 1)
  }

  /// Where a key is, or the free slot where it would be.
  private func slot(of key: ObservedRequestKey) -> Int {
    var slot = key.hashValue & (slots.count - 1)
    while slots[slot] != 0, rows[Int(slots[slot]) - 1].key != key {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func index(slotCount: Int) {
    slots = Array(repeating: 0, count: slotCount)
    for (number, row) in rows.enumerated() { slots[slot(of: row.key)] = UInt32(number + 1) }
  }

  /// Notes when lines of a row were that are not kept apart.
  mutating func addRest(_ times: Times?, to row: UInt32) {
    guard let times else { return }
    rows[Int(row)].rest = times.joined(rows[Int(row)].rest)
  }

  /// Notes when lines of a key were, where it has a row.
  mutating func addRest(_ sum: ObservedRequestSum, to key: ObservedRequestKey) {
    if let number = number(of: key) { addRest(Times(sum), to: number) }
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

  /// The halves of each row.
  var halvesByRow: PairHalvesByRow { PairHalvesByRow(sample.entries, rowCount: rows.count) }
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
