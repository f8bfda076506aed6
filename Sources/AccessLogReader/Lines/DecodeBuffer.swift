import CInflateShim

/// Room for decoded fields of one line; it does not move while the line is read.
struct DecodeBuffer: ~Copyable {
  private let storage: UnsafeMutablePointer<UInt8>
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    // Nothing is read before it is written, and most of it is never used.
    storage = .allocate(capacity: capacity)
  }

  deinit {
    storage.deallocate()
  }

  /// Writes a byte; false when there is no room.
  @inline(__always)
  func put(_ byte: UInt8, at index: Int) -> Bool {
    guard index < capacity else { return false }
    storage[index] = byte
    return true
  }

  /// Writes bytes; false when there is no room.
  func put(_ bytes: Bytes, at index: Int) -> Bool {
    guard index + bytes.count <= capacity else { return false }
    if bytes.count > 0 { memcpy(storage + index, bytes.pointer, bytes.count) }
    return true
  }

  func bytes(_ start: Int, _ count: Int) -> Bytes {
    Bytes(storage + start, count)
  }
}
