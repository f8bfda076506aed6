import MeshModel

/// Halves of pairs of a bounded number of requests, the same ones however the input is split and merged.
///
/// A key is kept when its hash is below a limit that only falls: it is halved as often as there are more
/// keys than there may be. Which keys are kept so depends on all keys and on nothing else. Of a key with
/// two lines of one side nothing is kept but how many lines it had: which of them belong together, nobody
/// can tell (a retry, or an id that a caller chose).
struct PairSample: Sendable {
  /// What is kept of one key.
  struct Entry: Hashable, Sendable {
    var hash: UInt64
    var server: PairHalf?
    var client: PairHalf?
    /// Lines of a key that has several of one side; 0 as long as it has not.
    var ambiguousCount = 0

    /// The entry with other numbers of rows.
    func withRows(_ row: (UInt32) -> UInt32) -> Entry {
      var entry = self
      if let old = server?.row { entry.server?.row = row(old) }
      if let old = client?.row { entry.client?.row = row(old) }
      return entry
    }

    subscript(side: ObservedRequestKey.Side) -> PairHalf? {
      get { side == .server ? server : client }
      set { if side == .server { server = newValue } else { client = newValue } }
    }
  }

  /// At this level no hash is below the limit.
  static let deepestLevel = 64
  /// For so many entries there is room at once; it becomes memory as they come.
  private static let mostReserved = 1 << 16
  private static let sides: [ObservedRequestKey.Side] = [.server, .client]

  /// The most keys that are kept.
  private(set) var keyLimit: Int
  /// How often the limit of the hash was halved.
  private(set) var level = 0
  /// The bits of a hash that must be zeros.
  private var excess: UInt64 = 0
  private(set) var entries: [Entry] = []
  /// Halves that are kept no more since this was last emptied: their rows have them back.
  var released: [PairHalf] = []
  /// Index of an entry plus one, 0 for a free slot; a power of two of them.
  private var slots: [UInt32] = []

  init(keyLimit: Int) {
    self.keyLimit = keyLimit
    if keyLimit == 0 { raise(to: PairSample.deepestLevel) }
  }

  /// Whether a key of this hash is kept.
  @inline(__always)
  func keeps(_ hash: UInt64) -> Bool { hash & excess == 0 }

  /// Adds a line of a key that is kept.
  mutating func add(_ half: PairHalf, _ side: ObservedRequestKey.Side, of hash: UInt64) {
    let index = index(of: hash)
    if entries[index].ambiguousCount == 0, entries[index][side] == nil {
      entries[index][side] = half
    } else {
      released.append(half)
      makeAmbiguous(index, more: 1)
    }
    limit()
  }

  /// Takes the smaller limit of keys.
  mutating func limit(keys: Int) {
    keyLimit = min(keyLimit, keys)
    limit()
  }

  /// Adds what another sample kept of a key, its halves with rows of this one.
  mutating func add(_ entry: Entry) {
    guard keeps(entry.hash) else { return release(entry) }
    let index = index(of: entry.hash)
    var ambiguousCount = entry.ambiguousCount
    for side in PairSample.sides {
      guard let half = entry[side] else { continue }
      if entries[index].ambiguousCount == 0, entries[index][side] == nil {
        entries[index][side] = half
      } else {
        released.append(half)
        ambiguousCount += 1
      }
    }
    if ambiguousCount > 0 { makeAmbiguous(index, more: ambiguousCount) }
    limit()
  }

  /// Lets go of every key whose hash is not below the limit of `level`.
  mutating func raise(to level: Int) {
    guard level > self.level else { return }
    self.level = level
    excess = ~0 << UInt64(64 - level)
    var kept = 0
    for index in entries.indices {
      let entry = entries[index]
      if keeps(entry.hash) {
        entries[kept] = entry
        kept += 1
      } else {
        release(entry)
      }
    }
    entries.removeLast(entries.count - kept)
    index(slotCount: slots.count)
  }

  /// Lets go of all entries without releasing their halves; the level stays.
  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    index(slotCount: slots.count)
  }

  private mutating func limit() {
    while entries.count > keyLimit, level < PairSample.deepestLevel { raise(to: level + 1) }
  }

  private mutating func makeAmbiguous(_ index: Int, more: Int) {
    let entry = entries[index]
    release(entry)
    let halves = PairSample.sides.count { entry[$0] != nil }
    entries[index] = Entry(
      hash: entry.hash, ambiguousCount: entry.ambiguousCount + halves + more)
  }

  private mutating func release(_ entry: Entry) {
    if let half = entry.server { released.append(half) }
    if let half = entry.client { released.append(half) }
  }

  /// The index of a key's entry, which is made when there is none.
  private mutating func index(of hash: UInt64) -> Int {
    if entries.count * 2 >= slots.count { index(slotCount: max(1024, slots.count * 2)) }
    // The high bits of what is kept are zeros; the low ones differ.
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let found = Int(slots[slot]) - 1
      if entries[found].hash == hash { return found }
      slot = (slot + 1) & (slots.count - 1)
    }
    if entries.isEmpty { entries.reserveCapacity(min(keyLimit, PairSample.mostReserved) + 1) }
    entries.append(Entry(hash: hash))
    slots[slot] = UInt32(entries.count)
    return entries.count - 1
  }

  private mutating func index(slotCount: Int) {
    if slots.count == slotCount {
      for slot in slots.indices { slots[slot] = 0 }
    } else {
      slots = Array(repeating: 0, count: slotCount)
    }
    guard !slots.isEmpty else { return }
    for index in entries.indices {
      var slot = Int(truncatingIfNeeded: entries[index].hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }
}
