import CInflateShim

/// Gathers the fields of a shape, to be written one after the other.
struct ShapeFields {
  private let runs: UnsafeMutablePointer<meshaudit_run>
  private var runCount = 0
  /// Bits of the fields that were put.
  private(set) var mask: UInt32 = 0

  /// - Parameter runs: room for as many runs as there are fields.
  @inline(__always)
  init(_ runs: UnsafeMutablePointer<meshaudit_run>) {
    self.runs = runs
  }

  /// Puts a field after those before; nothing when it is absent.
  @inline(__always)
  mutating func put(_ field: LogField, _ value: Bytes, limit: Int) {
    guard value.count > 0 else { return }
    runs[runCount] = meshaudit_run(bytes: value.start, count: min(value.count, limit))
    runCount &+= 1
    mask |= field.bit
  }

  /// Writes a head whose last four bytes are the mask, and each field with its length before it.
  @inline(__always)
  func write(
    head: UInt64, to bytes: UnsafeMutablePointer<UInt8>, seed: UInt64
  ) -> ShapeWriter.Written {
    var hash: UInt64 = 0
    let count = meshaudit_put_shape(bytes, head, mask, runs, runCount, seed, &hash)
    if hash == 0 { hash = ByteHash.hash(bytes, count, seed: seed) }
    return ShapeWriter.Written(count: count, hash: hash)
  }
}
