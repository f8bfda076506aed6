import CInflateShim
import MeshModel

/// Counts requests by shape, in an open hash table over the shapes' bytes.
///
/// A table of a busy mesh is larger than a core's cache, so that most of the cost of counting would be
/// waiting for memory: three requests are kept pending while what they need is fetched, one step for
/// each request that comes in.
///
/// Bounded: when `isFull`, the owner resolves what is in it and empties it.
struct ShapeTable: ~Copyable {
  /// What is added up for one shape.
  struct Entry {
    var hash: UInt64
    var keyOffset: Int
    var keyCount: Int32
    /// Hours of the day with a request, one bit each.
    var hours: UInt32
    /// 0 as long as all its requests are kept apart.
    var count: Int
    var first: Int64
    var last: Int64
    var bytesReceived: Int64
    var bytesSent: Int64
  }

  /// A request that waits for its place in memory.
  private struct Pending {
    var shapeCount = 0
    var hash: UInt64 = 0
    var time: Int64 = 0
    var bytesReceived: Int64 = 0
    var bytesSent: Int64 = 0
    var duration = -1
    var hour: UInt32 = 0
  }

  private static let mostEntries = 1 << 16
  private static let mostKeyBytes = 24 << 20
  private static let firstCapacity = 1 << 11

  private(set) var count = 0
  private var capacity: Int
  private var entries: UnsafeMutablePointer<Entry>
  /// `LatencyHistogram.bucketCount` counts for each entry.
  private var histograms: UnsafeMutablePointer<UInt32>
  /// Index of an entry plus one, 0 for a free slot; twice as many as `capacity`.
  private var slots: UnsafeMutablePointer<UInt32>
  private var keys: UnsafeMutablePointer<UInt8>
  private var keyCapacity: Int
  private var keyCount = 0
  /// The last four requests, in turn, and their shapes.
  private let pending: UnsafeMutablePointer<Pending>
  private let shapes: UnsafeMutablePointer<UInt8>
  /// Requests that came in, and those that were counted.
  private var added = 0
  private var finished = 0
  /// Shapes are chosen in part by callers: a secret seed keeps them from choosing collisions.
  private let seed = UInt64.random(in: .min ... .max)

  init() {
    capacity = ShapeTable.firstCapacity
    entries = .allocate(capacity: capacity)
    histograms = .allocate(capacity: capacity * LatencyHistogram.bucketCount)
    slots = .allocate(capacity: capacity * 2)
    slots.initialize(repeating: 0, count: capacity * 2)
    keyCapacity = 1 << 18
    keys = .allocate(capacity: keyCapacity)
    pending = .allocate(capacity: 4)
    pending.initialize(repeating: Pending(), count: 4)
    shapes = .allocate(capacity: ShapeWriter.capacity * 4)
    shapes.initialize(repeating: 0, count: ShapeWriter.capacity * 4)
  }

  deinit {
    pending.deallocate()
    shapes.deallocate()
    entries.deallocate()
    histograms.deallocate()
    slots.deallocate()
    keys.deallocate()
  }

  /// Whether it should be emptied before more is added.
  var isFull: Bool { count >= ShapeTable.mostEntries || keyCount >= ShapeTable.mostKeyBytes }

  /// Where the shape of the next request is to be written.
  @inline(__always)
  var nextShape: UnsafeMutablePointer<UInt8> { shape(added) }

  @inline(__always)
  private func shape(_ number: Int) -> UnsafeMutablePointer<UInt8> {
    shapes + (number & 3) &* ShapeWriter.capacity
  }

  /// Counts the record under the shape that was written to `nextShape`.
  @inline(__always)
  mutating func add(_ record: borrowing LogRecord, shapeCount: Int) {
    let hash = ByteHash.hash(shape(added), shapeCount, seed: seed)
    pending[added & 3] = Pending(
      shapeCount: shapeCount, hash: hash, time: record.time,
      bytesReceived: Int64(record.bytesReceived), bytesSent: Int64(record.bytesSent),
      duration: record.duration, hour: record.hour)
    let slot = Int(truncatingIfNeeded: hash) & (capacity &* 2 &- 1)
    meshaudit_prefetch(slots + slot)
    if added >= finished &+ 1 { prefetchEntry(added &- 1) }
    if added >= finished &+ 2 { prefetchKey(added &- 2) }
    added &+= 1
    if added == finished &+ 4 { finishOldest() }
  }

  /// Counts the requests that are still pending.
  mutating func finishPending() {
    while finished < added { finishOldest() }
  }

  @inline(__always)
  private func entryIndex(_ number: Int) -> Int {
    let hash = pending[number & 3].hash
    return Int(slots[Int(truncatingIfNeeded: hash) & (capacity &* 2 &- 1)]) &- 1
  }

  @inline(__always)
  private func prefetchEntry(_ number: Int) {
    let index = entryIndex(number)
    guard index >= 0 else { return }
    meshaudit_prefetch(entries + index)
    let bucket = LatencyHistogram.bucket(milliseconds: pending[number & 3].duration)
    let place = index * LatencyHistogram.bucketCount + bucket
    meshaudit_prefetch(histograms + place)
  }

  @inline(__always)
  private func prefetchKey(_ number: Int) {
    let index = entryIndex(number)
    guard index >= 0 else { return }
    let key = keys + entries[index].keyOffset
    meshaudit_prefetch(key)
    meshaudit_prefetch(key + 64)
    meshaudit_prefetch(key + 128)
  }

  @inline(__always)
  private mutating func finishOldest() {
    let request = pending[finished & 3]
    let bytes = shape(finished)
    finished &+= 1
    let slotMask = capacity * 2 - 1
    var slot = Int(truncatingIfNeeded: request.hash) & slotMask
    var index: Int
    while true {
      let found = Int(slots[slot])
      if found == 0 {
        index = insert(bytes, request, slot)
        break
      }
      index = found - 1
      if entries[index].hash == request.hash,
        Int(entries[index].keyCount) == request.shapeCount,
        memcmp(keys + entries[index].keyOffset, bytes, request.shapeCount) == 0
      {
        break
      }
      slot = (slot + 1) & slotMask
    }
    let entry = entries + index
    entry.pointee.count += 1
    if request.time < entry.pointee.first { entry.pointee.first = request.time }
    if request.time > entry.pointee.last { entry.pointee.last = request.time }
    entry.pointee.bytesReceived = ObservedRequestSum.sum(
      entry.pointee.bytesReceived, request.bytesReceived)
    entry.pointee.bytesSent = ObservedRequestSum.sum(
      entry.pointee.bytesSent, request.bytesSent)
    entry.pointee.hours |= 1 << request.hour
    if request.duration >= 0 {
      histograms[
        index * LatencyHistogram.bucketCount
          + LatencyHistogram.bucket(milliseconds: request.duration)] += 1
    }
  }

  @inline(never)
  private mutating func insert(
    _ shape: UnsafePointer<UInt8>, _ request: Pending, _ slot: Int
  ) -> Int {
    var slot = slot
    let hash = request.hash
    let shapeCount = request.shapeCount
    if count == capacity {
      grow()
      let slotMask = capacity * 2 - 1
      slot = Int(truncatingIfNeeded: hash) & slotMask
      while slots[slot] != 0 { slot = (slot + 1) & slotMask }
    }
    if keyCount + shapeCount > keyCapacity {
      let larger = max(keyCapacity * 2, keyCount + shapeCount)
      let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
      moved.initialize(from: keys, count: keyCount)
      keys.deallocate()
      keys = moved
      keyCapacity = larger
    }
    (keys + keyCount).initialize(from: shape, count: shapeCount)
    (entries + count).initialize(
      to: Entry(
        hash: hash, keyOffset: keyCount, keyCount: Int32(shapeCount), hours: 0, count: 0,
        first: .max, last: .min, bytesReceived: 0, bytesSent: 0))
    (histograms + count * LatencyHistogram.bucketCount)
      .initialize(repeating: 0, count: LatencyHistogram.bucketCount)
    keyCount += shapeCount
    slots[slot] = UInt32(count + 1)
    count += 1
    return count - 1
  }

  private mutating func grow() {
    let larger = capacity * 2
    let moved = UnsafeMutablePointer<Entry>.allocate(capacity: larger)
    moved.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = moved
    let movedHistograms = UnsafeMutablePointer<UInt32>.allocate(
      capacity: larger * LatencyHistogram.bucketCount)
    movedHistograms.moveInitialize(from: histograms, count: count * LatencyHistogram.bucketCount)
    histograms.deallocate()
    histograms = movedHistograms
    slots.deallocate()
    slots = .allocate(capacity: larger * 2)
    slots.initialize(repeating: 0, count: larger * 2)
    capacity = larger
    let slotMask = larger * 2 - 1
    for index in 0..<count {
      var slot = Int(truncatingIfNeeded: entries[index].hash) & slotMask
      while slots[slot] != 0 { slot = (slot + 1) & slotMask }
      slots[slot] = UInt32(index + 1)
    }
  }

  func entry(_ index: Int) -> Entry { entries[index] }

  /// When the requests were that are counted under an entry; nil for none.
  func times(_ index: Int) -> PairRows.Times? {
    guard entries[index].count > 0 else { return nil }
    return PairRows.Times(
      first: UTCTime(nanosecondsSince1970: entries[index].first),
      last: UTCTime(nanosecondsSince1970: entries[index].last))
  }

  /// Adds what another table counted under one of its shapes; returns its index here.
  mutating func add(_ other: borrowing ShapeTable, _ number: Int) -> Int {
    let from = other.histograms + number * LatencyHistogram.bucketCount
    return add(
      other.key(number), other.entries[number],
      UnsafeBufferPointer(start: from, count: LatencyHistogram.bucketCount))
  }

  /// Adds a row that stands for many lines, under the shape that was written to `nextShape`.
  mutating func add(_ row: EngineRow, _ record: borrowing LogRecord, shapeCount: Int) {
    let sums = Entry(
      hash: 0, keyOffset: 0, keyCount: 0, hours: row.hours, count: row.count, first: record.time,
      last: row.last, bytesReceived: Int64(record.bytesReceived),
      bytesSent: Int64(record.bytesSent))
    _ = row.latency.withUnsafeBufferPointer { latency in
      add(Bytes(shape(added), shapeCount), sums, latency)
    }
  }

  @discardableResult
  private mutating func add(
    _ bytes: Bytes, _ more: Entry, _ latency: UnsafeBufferPointer<UInt32>
  ) -> Int {
    let index = index(of: bytes)
    let entry = entries + index
    entry.pointee.count += more.count
    entry.pointee.first = min(entry.pointee.first, more.first)
    entry.pointee.last = max(entry.pointee.last, more.last)
    entry.pointee.bytesReceived = ObservedRequestSum.sum(
      entry.pointee.bytesReceived, more.bytesReceived)
    entry.pointee.bytesSent = ObservedRequestSum.sum(entry.pointee.bytesSent, more.bytesSent)
    entry.pointee.hours |= more.hours
    let to = histograms + index * LatencyHistogram.bucketCount
    for bucket in 0..<LatencyHistogram.bucketCount {
      let (sum, isTooLarge) = to[bucket].addingReportingOverflow(latency[bucket])
      to[bucket] = isTooLarge ? .max : sum
    }
    return index
  }

  /// The index of a shape's entry, which is made with no requests when there is none.
  private mutating func index(of bytes: Bytes) -> Int {
    let hash = ByteHash.hash(bytes.pointer, bytes.count, seed: seed)
    let slotMask = capacity * 2 - 1
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while slots[slot] != 0 {
      let found = Int(slots[slot]) - 1
      if entries[found].hash == hash, key(found).equals(bytes) { return found }
      slot = (slot + 1) & slotMask
    }
    return insert(bytes.pointer, Pending(shapeCount: bytes.count, hash: hash), slot)
  }

  /// The index of the entry of the shape that was written to `nextShape`, for a request that is counted
  /// later.
  @inline(never)
  mutating func index(shapeCount: Int) -> Int {
    index(of: Bytes(shape(added), shapeCount))
  }

  /// Counts a request that was kept apart.
  mutating func add(_ half: PairHalf) {
    let index = Int(half.row)
    let entry = entries + index
    entry.pointee.count += 1
    entry.pointee.first = min(entry.pointee.first, half.time)
    entry.pointee.last = max(entry.pointee.last, half.time)
    entry.pointee.bytesReceived = ObservedRequestSum.sum(
      entry.pointee.bytesReceived, Int64(half.bytesReceived))
    entry.pointee.bytesSent = ObservedRequestSum.sum(
      entry.pointee.bytesSent, Int64(half.bytesSent))
    entry.pointee.hours |= 1 << half.hour
    if half.bucket != PairHalf.noBucket {
      histograms[index * LatencyHistogram.bucketCount + Int(half.bucket)] += 1
    }
  }

  /// The shape of an entry; valid until the next change.
  func key(_ index: Int) -> Bytes {
    Bytes(keys + entries[index].keyOffset, Int(entries[index].keyCount))
  }

  func latency(_ index: Int) -> LatencyHistogram {
    let start = histograms + index * LatencyHistogram.bucketCount
    return LatencyHistogram(
      buckets: (0..<LatencyHistogram.bucketCount).map { UInt64(start[$0]) })
  }

  mutating func removeAll() {
    slots.update(repeating: 0, count: capacity * 2)
    count = 0
    keyCount = 0
  }
}
