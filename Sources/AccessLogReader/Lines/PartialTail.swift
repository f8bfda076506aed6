/// Which streams of a CRI log are within a line at some place, by the lines before it.
///
/// A runtime writes the parts of a line one after the other, with lines of the other stream in between
/// (containerd, CRI logger), so that the last line of a stream tells.
package struct PartialTail {
  /// How much of a line must be seen to tell its stream and whether it goes on: all of a record of Docker's,
  /// which has 16 KiB with their escapes.
  package static let prefixByteCount = 128 << 10

  /// Whether a line goes on after the place; nil when no line of the stream was seen.
  package private(set) var outputIsOpen: Bool?
  package private(set) var errorIsOpen: Bool?

  /// - Parameters:
  ///   - bytes: what comes before the place, and at least `prefixByteCount` after it where there is as much.
  ///   - place: the place in `bytes`.
  ///   - startsLine: whether the first byte is the first one of a line.
  ///   - isStart: whether nothing comes before it.
  package init(
    _ bytes: UnsafeRawBufferPointer, before place: Int, startsLine: Bool, isStart: Bool
  ) {
    if isStart { (outputIsOpen, errorIsOpen) = (false, false) }
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    var start = 0
    if !startsLine {
      guard let newline = bytes.firstIndex(of: 10) else { return }
      start = newline + 1
    }
    while start < min(place, bytes.count) {
      let rest = Bytes(base + start, bytes.count - start)
      let line = rest.prefix(rest.firstIndex(of: 10) ?? rest.count)
      if let part = LogPrefix.part(line) {
        if part.isError { errorIsOpen = part.isPartial } else { outputIsOpen = part.isPartial }
      }
      start += line.count + 1
    }
  }

  package func isOpen(isError: Bool) -> Bool? { isError ? errorIsOpen : outputIsOpen }
}
