import CInflateShim
import MeshModel

/// Counts requests by shape, in an open hash table over the shapes' bytes.
///
/// A table of a busy mesh is larger than a core's cache, so that most of the cost of counting would be
/// waiting for memory: requests are kept pending while what they need is fetched, one step every
/// `ShapeTable.pace` requests that come in.
///
/// Bounded: when `isFull`, the owner resolves what is in it and empties it.
struct ShapeTable: ~Copyable {
  /// A request that waits for its place in memory.
  private struct Pending {
    var shapeCount = 0
    var hash: UInt64 = 0
    var time: Int64 = 0
    var bytesReceived: Int64 = 0
    var bytesSent: Int64 = 0
    /// Latency bucket; `PairHalf.noBucket` without duration.
    var bucket = PairHalf.noBucket
    var hour: UInt32 = 0
    /// Whether it is kept apart: its half and key are in `halves`.
    var isKept = false
  }

  private static let mostEntries = 1 << 16
  private static let mostKeyBytes = 24 << 20
  private static let firstSlotCount = 1 << 12
  /// How many requests one step of fetching takes.
  @inline(__always)
  private static var pace: Int { 3 }
  /// More than may be pending; a power of two.
  @inline(__always)
  private static var turns: Int { 16 }

  private var cells: ShapeCells
  /// Index of an entry plus one, 0 for a free slot; a power of two, at least twice as many as entries.
  private var slots: UnsafeMutablePointer<UInt32>
  private var slotCount: Int
  /// The last requests, in turn, and their shapes.
  private let pending: UnsafeMutablePointer<Pending>
  private let shapes: UnsafeMutablePointer<UInt8>
  private let halves: UnsafeMutablePointer<KeptHalf>
  /// Halves whose rows were found.
  private let found: UnsafeMutablePointer<KeptHalf>
  private var foundCount = 0
  /// Requests that came in, and those that were counted.
  private var added = 0
  private var finished = 0

  init() {
    // Those that are pending come on top of what a full table has.
    cells = ShapeCells(
      cellCount: ShapeTable.mostEntries + ShapeTable.turns,
      keyByteCount: ShapeTable.mostKeyBytes + ShapeTable.turns * ShapeWriter.capacity)
    slotCount = ShapeTable.firstSlotCount
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    pending = .allocate(capacity: ShapeTable.turns)
    pending.initialize(repeating: Pending(), count: ShapeTable.turns)
    shapes = .allocate(capacity: ShapeWriter.capacity * ShapeTable.turns)
    halves = .allocate(capacity: ShapeTable.turns)
    found = .allocate(capacity: ShapeTable.turns)
  }

  deinit {
    pending.deallocate()
    shapes.deallocate()
    halves.deallocate()
    found.deallocate()
    slots.deallocate()
  }

  /// How many shapes it has.
  var count: Int { cells.count }

  /// Whether it should be emptied before more is added.
  var isFull: Bool {
    cells.count >= ShapeTable.mostEntries || cells.keyCount >= ShapeTable.mostKeyBytes
  }

  /// Where the shape of the next request is to be written.
  @inline(__always)
  var nextShape: UnsafeMutablePointer<UInt8> { shape(added) }

  @inline(__always)
  private func shape(_ number: Int) -> UnsafeMutablePointer<UInt8> {
    shapes + (number & (ShapeTable.turns &- 1)) &* ShapeWriter.capacity
  }

  /// Finds the row of a half that is kept apart: the shape that was written to `nextShape`.
  ///
  /// It comes back from `nextFound`, like all requests some turns later.
  @inline(never)
  mutating func add(
    _ kept: KeptHalf, _ record: borrowing LogRecord, _ shape: ShapeWriter.Written
  ) {
    (halves + (added & (ShapeTable.turns - 1))).initialize(to: kept)
    add(record, shape, isKept: true)
  }

  /// Whether rows of halves were found.
  @inline(__always)
  var hasFound: Bool { foundCount > 0 }

  /// A half with the row that was found for it; nil when there is none left.
  mutating func nextFound() -> KeptHalf? {
    guard foundCount > 0 else { return nil }
    foundCount -= 1
    return found[foundCount]
  }

  /// Counts the record under the shape that was written to `nextShape`.
  @inline(__always)
  mutating func add(
    _ record: borrowing LogRecord, _ shape: ShapeWriter.Written, isKept: Bool = false
  ) {
    let bucket =
      record.duration < 0
      ? PairHalf.noBucket
      : UInt8(truncatingIfNeeded: LatencyHistogram.bucket(milliseconds: record.duration))
    request(added).pointee = Pending(
      shapeCount: shape.count, hash: shape.hash, time: record.time,
      bytesReceived: Int64(record.bytesReceived), bytesSent: Int64(record.bytesSent),
      bucket: bucket, hour: record.hour, isKept: isKept)
    meshaudit_prefetch(slots + slot(shape.hash))
    let waiting = added &- finished
    let pace = ShapeTable.pace
    if waiting >= pace { prefetchEntry(added &- pace) }
    if waiting >= 2 &* pace { prefetchKey(added &- 2 &* pace) }
    added &+= 1
    if waiting == 3 &* pace { finishOldest() }
  }

  /// Counts the requests that are still pending.
  mutating func finishPending() {
    while finished < added { finishOldest() }
  }

  @inline(__always)
  private func request(_ number: Int) -> UnsafeMutablePointer<Pending> {
    pending + (number & (ShapeTable.turns &- 1))
  }

  @inline(__always)
  private func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slotCount &- 1) }

  @inline(__always)
  private func prefetchEntry(_ number: Int) {
    let index = Int(slots[slot(request(number).pointee.hash)]) &- 1
    if index >= 0 { cells.prefetch(index) }
  }

  @inline(__always)
  private func prefetchKey(_ number: Int) {
    let index = Int(slots[slot(request(number).pointee.hash)]) &- 1
    if index >= 0 { cells.prefetchKey(index) }
  }

  @inline(__always)
  private mutating func finishOldest() {
    let request = request(finished)
    let index = index(
      of: Bytes(shape(finished), request.pointee.shapeCount), hash: request.pointee.hash)
    if request.pointee.isKept {
      found[foundCount] = halves[finished & (ShapeTable.turns &- 1)]
      found[foundCount].half.row = UInt32(index)
      foundCount &+= 1
      finished &+= 1
      return
    }
    finished &+= 1
    let sums = cells.sums(index)
    sums.pointee.count &+= 1
    if request.pointee.time < sums.pointee.first { sums.pointee.first = request.pointee.time }
    if request.pointee.time > sums.pointee.last { sums.pointee.last = request.pointee.time }
    sums.pointee.bytesReceived = ObservedRequestSum.sum(
      sums.pointee.bytesReceived, request.pointee.bytesReceived)
    sums.pointee.bytesSent = ObservedRequestSum.sum(
      sums.pointee.bytesSent, request.pointee.bytesSent)
    sums.pointee.hours |= 1 << request.pointee.hour
    let bucket = request.pointee.bucket
    if bucket != PairHalf.noBucket { cells.count(bucket: bucket, of: index) }
  }

  /// The index of a shape's entry, which is made with no requests when there is none.
  @inline(__always)
  private mutating func index(of shape: Bytes, hash: UInt64) -> Int {
    var slot = slot(hash)
    while true {
      let index = Int(slots[slot]) &- 1
      if index < 0 { return insert(shape, hash, slot) }
      if cells.sums(index).pointee.hash == hash,
        cells.isEqual(index, shape.pointer, shape.count)
      {
        return index
      }
      slot = (slot &+ 1) & (slotCount &- 1)
    }
  }

  @inline(never)
  private mutating func insert(_ shape: Bytes, _ hash: UInt64, _ slot: Int) -> Int {
    var slot = slot
    if cells.count * 2 == slotCount {
      grow()
      slot = freeSlot(hash)
    }
    let index = cells.append(shape, hash: hash)
    slots[slot] = UInt32(index + 1)
    return index
  }

  private func freeSlot(_ hash: UInt64) -> Int {
    var slot = slot(hash)
    while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
    return slot
  }

  private mutating func grow() {
    slots.deallocate()
    slotCount *= 2
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    for index in 0..<cells.count {
      slots[freeSlot(cells.sums(index).pointee.hash)] = UInt32(index + 1)
    }
  }

  func entry(_ index: Int) -> ShapeCells.Sums { cells.sums(index).pointee }

  /// When the requests were that are counted under an entry; nil for none.
  func times(_ index: Int) -> PairRows.Times? {
    let sums = cells.sums(index)
    guard sums.pointee.count > 0 else { return nil }
    return PairRows.Times(
      first: UTCTime(nanosecondsSince1970: sums.pointee.first),
      last: UTCTime(nanosecondsSince1970: sums.pointee.last))
  }

  /// Adds what another table counted under one of its shapes; returns its index here.
  mutating func add(_ other: borrowing ShapeTable, _ number: Int) -> Int {
    let sums = other.entry(number)
    let index = index(of: other.key(number), hash: sums.hash)
    add(sums, other.cells.amounts(number), to: index)
    return index
  }

  /// Adds a row that stands for many lines, under the shape that was written to `nextShape`.
  mutating func add(
    _ row: EngineRow, _ record: borrowing LogRecord, _ shape: ShapeWriter.Written
  ) {
    let sums = ShapeCells.Sums(
      hash: 0, keyOffset: 0, keyCount: 0, hours: row.hours, count: row.count, first: record.time,
      last: row.last, bytesReceived: Int64(record.bytesReceived),
      bytesSent: Int64(record.bytesSent))
    let index = index(of: Bytes(nextShape, shape.count), hash: shape.hash)
    add(sums, row.latency.map(UInt64.init), to: index)
  }

  private mutating func add(_ more: ShapeCells.Sums, _ latency: [UInt64], to index: Int) {
    cells.sums(index).pointee.add(more)
    for (bucket, amount) in latency.enumerated() { cells.add(amount, bucket: bucket, of: index) }
  }

  /// Counts a request that was kept apart.
  mutating func add(_ half: PairHalf) {
    let index = Int(half.row)
    cells.sums(index).pointee.add(
      ShapeCells.Sums(
        hash: 0, keyOffset: 0, keyCount: 0, hours: 1 << half.hour, count: 1, first: half.time,
        last: half.time, bytesReceived: Int64(half.bytesReceived),
        bytesSent: Int64(half.bytesSent)))
    if half.bucket != PairHalf.noBucket { cells.count(bucket: half.bucket, of: index) }
  }

  /// The shape of an entry; valid until the next change.
  func key(_ index: Int) -> Bytes { cells.key(index) }

  func latency(_ index: Int) -> LatencyHistogram {
    LatencyHistogram(buckets: cells.amounts(index))
  }

  mutating func removeAll() {
    slots.update(repeating: 0, count: slotCount)
    cells.removeAll()
  }
}
