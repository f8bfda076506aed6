/// Lines of a CRI log that come in parts (`P`), until their last part (`F`).
struct PartialLines {
  private var output: [UInt8] = []
  private var error: [UInt8] = []
  private static let longest = 1 << 20

  func isOpen(isError: Bool) -> Bool { isError ? !error.isEmpty : !output.isEmpty }

  /// Keeps a part; false when the line gets too long, and then what was kept is dropped.
  mutating func append(_ part: Bytes, isError: Bool) -> Bool {
    let count = (isError ? error.count : output.count) + part.count
    guard count <= PartialLines.longest else {
      drop(isError: isError)
      return false
    }
    let bytes = UnsafeBufferPointer(start: part.start, count: part.count)
    if isError { error.append(contentsOf: bytes) } else { output.append(contentsOf: bytes) }
    return true
  }

  /// The whole line, written into the buffer; nil when there is no room.
  mutating func finish(
    _ last: Bytes, isError: Bool, _ buffer: borrowing DecodeBuffer
  ) -> Bytes? {
    let parts = isError ? error : output
    drop(isError: isError)
    let isWritten = parts.withUnsafeBufferPointer { parts in
      guard let start = parts.baseAddress else { return true }
      return buffer.put(Bytes(start, parts.count), at: 0)
    }
    guard isWritten, buffer.put(last, at: parts.count) else { return nil }
    return buffer.bytes(0, parts.count + last.count)
  }

  private mutating func drop(isError: Bool) {
    if isError { error.removeAll() } else { output.removeAll() }
  }
}
