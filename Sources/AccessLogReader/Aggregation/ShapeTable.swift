import CInflateShim
import MeshModel

/// Counts requests by shape, in an open hash table over the shapes' bytes.
///
/// A table of a busy mesh is larger than a core's cache, so that most of the cost of counting would be
/// waiting for memory: requests are kept pending while what they need is fetched, one step every
/// `ShapeTable.pace` requests that come in. Even a shape's hash waits for the next request, until the shape's
/// bytes have left the processor for its cache.
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
    /// Latency bucket; `PairHalf.noBucket` without duration.
    var bucket = PairHalf.noBucket
    var hour: UInt32 = 0
  }

  private static let mostEntries = 1 << 16
  private static let mostKeyBytes = 24 << 20
  private static let firstCapacity = 1 << 11
  /// How many requests one step of fetching takes.
  @inline(__always)
  private static var pace: Int { 3 }
  /// More than may be pending; a power of two.
  @inline(__always)
  private static var turns: Int { 16 }

  private(set) var count = 0
  /// `LatencyHistogram.bucketCount`, at hand.
  private let bucketCount: Int
  private var capacity: Int
  private var entries: UnsafeMutablePointer<Entry>
  /// `LatencyHistogram.bucketCount` counts for each entry.
  private var histograms: UnsafeMutablePointer<UInt32>
  /// Index of an entry plus one, 0 for a free slot; twice as many as `capacity`.
  private var slots: UnsafeMutablePointer<UInt32>
  private var keys: UnsafeMutablePointer<UInt8>
  private var keyCapacity: Int
  private var keyCount = 0
  /// The last requests, in turn, and their shapes.
  private let pending: UnsafeMutablePointer<Pending>
  private let shapes: UnsafeMutablePointer<UInt8>
  /// Requests that came in, and those that were counted.
  private var added = 0
  private var finished = 0
  /// Shapes are chosen in part by callers: a secret seed keeps them from choosing collisions.
  private let seed = UInt64.random(in: .min ... .max)

  init() {
    capacity = ShapeTable.firstCapacity
    bucketCount = LatencyHistogram.bucketCount
    entries = ShapeTable.entries(capacity)
    histograms = .allocate(capacity: capacity * bucketCount)
    slots = .allocate(capacity: capacity * 2)
    slots.initialize(repeating: 0, count: capacity * 2)
    keyCapacity = 1 << 18
    keys = .allocate(capacity: keyCapacity)
    pending = .allocate(capacity: ShapeTable.turns)
    pending.initialize(repeating: Pending(), count: ShapeTable.turns)
    shapes = .allocate(capacity: ShapeWriter.capacity * ShapeTable.turns)
    shapes.initialize(repeating: 0, count: ShapeWriter.capacity * ShapeTable.turns)
  }

  deinit {
    pending.deallocate()
    shapes.deallocate()
    entries.deallocate()
    histograms.deallocate()
    slots.deallocate()
    keys.deallocate()
  }

  /// Room for entries, each in one line of the processor's cache.
  private static func entries(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
    UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Entry>.stride, alignment: 64
    ).bindMemory(to: Entry.self, capacity: capacity)
  }

  /// Whether it should be emptied before more is added.
  var isFull: Bool { count >= ShapeTable.mostEntries || keyCount >= ShapeTable.mostKeyBytes }

  /// Where the shape of the next request is to be written.
  @inline(__always)
  var nextShape: UnsafeMutablePointer<UInt8> { shape(added) }

  @inline(__always)
  private func shape(_ number: Int) -> UnsafeMutablePointer<UInt8> {
    shapes + (number & (ShapeTable.turns &- 1)) &* ShapeWriter.capacity
  }

  /// Counts the record under the shape that was written to `nextShape`.
  @inline(__always)
  mutating func add(_ record: borrowing LogRecord, shapeCount: Int) {
    let bucket =
      record.duration < 0
      ? PairHalf.noBucket
      : UInt8(truncatingIfNeeded: LatencyHistogram.bucket(milliseconds: record.duration))
    request(added).pointee = Pending(
      shapeCount: shapeCount, hash: 0, time: record.time,
      bytesReceived: Int64(record.bytesReceived), bytesSent: Int64(record.bytesSent),
      bucket: bucket, hour: record.hour)
    let waiting = added &- finished
    let pace = ShapeTable.pace
    if waiting >= 1 { hashAndPrefetchSlot(added &- 1) }
    if waiting >= 1 &+ pace { prefetchEntry(added &- 1 &- pace) }
    if waiting >= 1 &+ 2 &* pace { prefetchKey(added &- 1 &- 2 &* pace) }
    added &+= 1
    if waiting == 1 &+ 3 &* pace { finishOldest() }
  }

  /// Counts the requests that are still pending.
  mutating func finishPending() {
    guard finished < added else { return }
    hashAndPrefetchSlot(added - 1)
    while finished < added { finishOldest() }
  }

  @inline(__always)
  private func request(_ number: Int) -> UnsafeMutablePointer<Pending> {
    pending + (number & (ShapeTable.turns &- 1))
  }

  @inline(__always)
  private func hashAndPrefetchSlot(_ number: Int) {
    let request = request(number)
    let hash = ByteHash.hash(shape(number), request.pointee.shapeCount, seed: seed)
    request.pointee.hash = hash
    meshaudit_prefetch(slots + (Int(truncatingIfNeeded: hash) & (capacity &* 2 &- 1)))
  }

  @inline(__always)
  private func entryIndex(_ number: Int) -> Int {
    let hash = request(number).pointee.hash
    return Int(slots[Int(truncatingIfNeeded: hash) & (capacity &* 2 &- 1)]) &- 1
  }

  @inline(__always)
  private func prefetchEntry(_ number: Int) {
    let index = entryIndex(number)
    guard index >= 0 else { return }
    meshaudit_prefetch(entries + index)
    let place = index &* bucketCount &+ Int(request(number).pointee.bucket)
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
    meshaudit_prefetch(key + request(number).pointee.shapeCount)
  }

  @inline(__always)
  private mutating func finishOldest() {
    let request = request(finished).pointee
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
        meshaudit_equal(keys + entries[index].keyOffset, bytes, request.shapeCount) != 0
      {
        break
      }
      slot = (slot + 1) & slotMask
    }
    let entry = entries + index
    entry.pointee.count &+= 1
    if request.time < entry.pointee.first { entry.pointee.first = request.time }
    if request.time > entry.pointee.last { entry.pointee.last = request.time }
    entry.pointee.bytesReceived = ObservedRequestSum.sum(
      entry.pointee.bytesReceived, request.bytesReceived)
    entry.pointee.bytesSent = ObservedRequestSum.sum(
      entry.pointee.bytesSent, request.bytesSent)
    entry.pointee.hours |= 1 << request.hour
    if request.bucket != PairHalf.noBucket {
      histograms[index &* bucketCount &+ Int(request.bucket)] &+= 1
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
    (histograms + count * bucketCount)
      .initialize(repeating: 0, count: bucketCount)
    keyCount += shapeCount
    slots[slot] = UInt32(count + 1)
    count += 1
    return count - 1
  }

  private mutating func grow() {
    let larger = capacity * 2
    let moved = ShapeTable.entries(larger)
    moved.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = moved
    let movedHistograms = UnsafeMutablePointer<UInt32>.allocate(
      capacity: larger * bucketCount)
    movedHistograms.moveInitialize(from: histograms, count: count * bucketCount)
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
    let from = other.histograms + number * bucketCount
    return add(
      other.key(number), other.entries[number],
      UnsafeBufferPointer(start: from, count: bucketCount))
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
    let to = histograms + index * bucketCount
    for bucket in 0..<bucketCount {
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
      histograms[index * bucketCount + Int(half.bucket)] += 1
    }
  }

  /// The shape of an entry; valid until the next change.
  func key(_ index: Int) -> Bytes {
    Bytes(keys + entries[index].keyOffset, Int(entries[index].keyCount))
  }

  func latency(_ index: Int) -> LatencyHistogram {
    let start = histograms + index * bucketCount
    return LatencyHistogram(
      buckets: (0..<bucketCount).map { UInt64(start[$0]) })
  }

  mutating func removeAll() {
    slots.update(repeating: 0, count: capacity * 2)
    count = 0
    keyCount = 0
  }
}
