import CInflateShim

/// Writes the fields of a shape one after the other.
struct ShapeFields {
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Bits of the fields that were written.
  private(set) var mask: UInt32 = 0
  private(set) var count = 0

  @inline(__always)
  init(_ bytes: UnsafeMutablePointer<UInt8>) {
    self.bytes = bytes
  }

  /// Writes a field, its length first; nothing when it is absent.
  @inline(__always)
  mutating func put(_ field: LogField, _ value: Bytes, limit: Int) {
    guard value.count > 0 else { return }
    let length = min(value.count, limit)
    bytes[count] = UInt8(truncatingIfNeeded: length)
    bytes[count + 1] = UInt8(truncatingIfNeeded: length >> 8)
    ShapeFields.copy(value.pointer, bytes + count + 2, length)
    count += 2 + length
    mask |= field.bit
  }

  @inline(__always)
  private static func copy(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, _ count: Int
  ) {
    if count <= 64 {
      meshaudit_copy64(target, source, count)
    } else {
      memcpy(target, source, count)
    }
  }
}
