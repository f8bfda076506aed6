import CInflateShim
import MeshModel

/// What a table adds up for its shapes, and the shapes' bytes.
///
/// A shape has one cell of two lines of the processor's cache: its sums, and a histogram with one byte a
/// bucket. What a byte cannot hold is carried to a list that few shapes need. Address space for the most shapes
/// is reserved at once and opened step by step, so that nothing is moved when there are more, a small log
/// takes little, and a limit on data (`ulimit -d`) counts what is used.
struct ShapeCells: ~Copyable {
  /// What is added up for one shape, its histogram apart.
  struct Sums {
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

    @inline(__always)
    mutating func add(_ more: Sums) {
      count &+= more.count
      first = min(first, more.first)
      last = max(last, more.last)
      bytesReceived = ObservedRequestSum.sum(bytesReceived, more.bytesReceived)
      bytesSent = ObservedRequestSum.sum(bytesSent, more.bytesSent)
      hours |= more.hours
    }
  }

  private static let cellByteCount = 128
  /// Where the histogram is in a cell, and in it the number of its carries, 0 for none.
  private static let histogramOffset = 64
  private static let carryOffset = 120

  /// The most shapes, and the most bytes of their keys together.
  private let cellCount: Int
  private let keyByteCount: Int
  private let cells: UnsafeMutableRawPointer
  private let keys: UnsafeMutablePointer<UInt8>
  /// Bytes of both that are open.
  private var openCells = 0
  private var openKeys = 0
  private(set) var count = 0
  private(set) var keyCount = 0
  /// `LatencyHistogram.bucketCount`, at hand.
  private let bucketCount = LatencyHistogram.bucketCount
  /// How often the byte of each bucket was full, for each shape with carries.
  private var carries: [UInt64] = []

  init(cellCount: Int, keyByteCount: Int) {
    precondition(MemoryLayout<Sums>.size <= ShapeCells.histogramOffset)
    precondition(bucketCount <= ShapeCells.carryOffset - ShapeCells.histogramOffset)
    guard let cells = meshaudit_reserve(cellCount * ShapeCells.cellByteCount),
      let keys = meshaudit_reserve(keyByteCount)
    else { preconditionFailure("no address space is left for a table of shapes") }
    self.cellCount = cellCount
    self.keyByteCount = keyByteCount
    self.cells = cells
    self.keys = keys.bindMemory(to: UInt8.self, capacity: keyByteCount)
  }

  deinit {
    meshaudit_release(cells, cellCount * ShapeCells.cellByteCount)
    meshaudit_release(keys, keyByteCount)
  }

  @inline(__always)
  func sums(_ index: Int) -> UnsafeMutablePointer<Sums> {
    (cells + index &* ShapeCells.cellByteCount).assumingMemoryBound(to: Sums.self)
  }

  @inline(__always)
  private func histogram(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    (cells + (index &* ShapeCells.cellByteCount &+ ShapeCells.histogramOffset))
      .assumingMemoryBound(to: UInt8.self)
  }

  /// Asks for the cell of a shape.
  @inline(__always)
  func prefetch(_ index: Int) {
    let cell = cells + index &* ShapeCells.cellByteCount
    meshaudit_prefetch(cell)
    meshaudit_prefetch(cell + ShapeCells.histogramOffset)
  }

  /// Asks for the bytes of a shape.
  @inline(__always)
  func prefetchKey(_ index: Int) {
    let sums = sums(index)
    let key = keys + sums.pointee.keyOffset
    meshaudit_prefetch(key)
    meshaudit_prefetch(key + 64)
    meshaudit_prefetch(key + 128)
    meshaudit_prefetch(key + Int(sums.pointee.keyCount))
  }

  /// Adds a shape with no requests; returns its index.
  mutating func append(_ shape: Bytes, hash: UInt64) -> Int {
    precondition(count < cellCount && shape.count <= keyByteCount - keyCount)
    ShapeCells.open(
      cells, (count + 1) * ShapeCells.cellByteCount, of: cellCount * ShapeCells.cellByteCount,
      &openCells)
    // Bytes of keys are compared by the cache line.
    ShapeCells.open(keys, keyCount + shape.count + 64, of: keyByteCount, &openKeys)
    (keys + keyCount).update(from: shape.pointer, count: shape.count)
    sums(count).initialize(
      to: Sums(
        hash: hash, keyOffset: keyCount, keyCount: Int32(shape.count), hours: 0, count: 0,
        first: .max, last: .min, bytesReceived: 0, bytesSent: 0))
    histogram(count).update(
      repeating: 0, count: ShapeCells.cellByteCount - ShapeCells.histogramOffset)
    keyCount += shape.count
    count += 1
    return count - 1
  }

  /// Opens reserved bytes up to `wanted`, and some more.
  @inline(__always)
  private static func open(
    _ start: UnsafeMutableRawPointer, _ wanted: Int, of all: Int, _ openCount: inout Int
  ) {
    let wanted = min(wanted, all)
    guard wanted > openCount else { return }
    let end = min((wanted + openStep - 1) / openStep * openStep, all)
    guard meshaudit_open_reserved(start, openCount, end) != 0 else {
      preconditionFailure("no memory is left for a table of shapes")
    }
    openCount = end
  }

  private static let openStep = 1 << 20

  /// Whether a shape is these bytes.
  @inline(__always)
  func isEqual(_ index: Int, _ shape: UnsafePointer<UInt8>, _ shapeCount: Int) -> Bool {
    let sums = sums(index)
    return Int(sums.pointee.keyCount) == shapeCount
      && meshaudit_equal(keys + sums.pointee.keyOffset, shape, shapeCount) != 0
  }

  /// The bytes of a shape; valid until the next change.
  func key(_ index: Int) -> Bytes {
    Bytes(keys + sums(index).pointee.keyOffset, Int(sums(index).pointee.keyCount))
  }

  /// Counts a request in a bucket.
  @inline(__always)
  mutating func count(bucket: UInt8, of index: Int) {
    let place = histogram(index) + Int(bucket)
    place.pointee &+= 1
    if place.pointee == 0 { carry(1, bucket: Int(bucket), of: index) }
  }

  /// Adds many requests to a bucket.
  mutating func add(_ amount: UInt64, bucket: Int, of index: Int) {
    guard amount > 0 else { return }
    let place = histogram(index) + bucket
    let sum = amount + UInt64(place.pointee)
    place.pointee = UInt8(truncatingIfNeeded: sum)
    if sum > UInt64(UInt8.max) { carry(sum >> 8, bucket: bucket, of: index) }
  }

  @inline(never)
  private mutating func carry(_ amount: UInt64, bucket: Int, of index: Int) {
    let number = carryNumber(index)
    if number.pointee == 0 {
      carries.append(contentsOf: repeatElement(0, count: bucketCount))
      number.pointee = UInt32(carries.count / bucketCount)
    }
    carries[(Int(number.pointee) - 1) * bucketCount + bucket] += amount
  }

  private func carryNumber(_ index: Int) -> UnsafeMutablePointer<UInt32> {
    (cells + (index * ShapeCells.cellByteCount + ShapeCells.carryOffset))
      .assumingMemoryBound(to: UInt32.self)
  }

  /// How many requests of each bucket a shape has.
  func amounts(_ index: Int) -> [UInt64] {
    let histogram = histogram(index)
    let carry = (Int(carryNumber(index).pointee) - 1) * bucketCount
    return (0..<bucketCount).map { bucket in
      UInt64(histogram[bucket]) + (carry < 0 ? 0 : carries[carry + bucket] << 8)
    }
  }

  mutating func removeAll() {
    count = 0
    keyCount = 0
    carries.removeAll()
  }
}
