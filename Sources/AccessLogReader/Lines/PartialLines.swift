/// Lines of a CRI log that come in parts (`P`), until their last part (`F`); one of each stream.
struct PartialLines {
  private enum State {
    case closed
    case open
    /// Its parts are dropped, for together they are too long.
    case tooLong
    /// Its first part is in another segment of the log, whose reader reads it to its end.
    case elsewhere
    /// Nobody has looked yet whether a line before goes on.
    case unknown
  }

  /// What a part, or a last part, makes of its line.
  enum Outcome {
    case more
    /// The line is whole.
    case whole
    case tooLong
    /// It is read with another segment.
    case elsewhere
  }

  private struct Stream {
    var state = State.closed
    var parts: [UInt8] = []
  }

  private var streams = [Stream(), Stream()]
  private static let longest = 1 << 20

  private static func index(_ isError: Bool) -> Int { isError ? 1 : 0 }

  /// Whether a line has started that ends in a part to come.
  func isOpen(isError: Bool) -> Bool {
    let state = streams[PartialLines.index(isError)].state
    return state == .open || state == .tooLong
  }

  var hasOpen: Bool { isOpen(isError: false) || isOpen(isError: true) }

  /// Whether the next part of a stream is one of a line before.
  func isContinued(isError: Bool) -> Bool {
    let state = streams[PartialLines.index(isError)].state
    return state != .closed && state != .unknown
  }

  /// Whether it is to be found out if a line before goes on with the next part of a stream.
  func isUnknown(isError: Bool) -> Bool {
    streams[PartialLines.index(isError)].state == .unknown
  }

  /// Begins a segment of the log, in which a stream goes on with a line of the segment before or does not.
  mutating func begin(isError: Bool, goesOn: Bool?) {
    let state: State = goesOn.map { $0 ? .elsewhere : .closed } ?? .unknown
    streams[PartialLines.index(isError)] = Stream(state: state)
  }

  /// Keeps a part that is not the last one.
  mutating func append(_ part: Bytes, isError: Bool) -> Outcome {
    let index = PartialLines.index(isError)
    switch streams[index].state {
    case .elsewhere: return .elsewhere
    case .tooLong: return .more
    case .closed, .open, .unknown: break
    }
    streams[index].state = .open
    guard streams[index].parts.count + part.count <= PartialLines.longest else {
      streams[index] = Stream(state: .tooLong)
      return .tooLong
    }
    streams[index].parts.append(
      contentsOf: UnsafeBufferPointer(start: part.start, count: part.count))
    return .more
  }

  /// Leaves out the line that a part belongs to, which is not kept; the last part ends it.
  mutating func drop(isError: Bool, isLast: Bool) {
    let index = PartialLines.index(isError)
    guard streams[index].state != .elsewhere || isLast else { return }
    streams[index] = Stream(state: isLast ? .closed : .tooLong)
  }

  /// Ends a line with its last part; the whole line is written into the buffer.
  mutating func finish(
    _ last: Bytes, isError: Bool, _ buffer: borrowing DecodeBuffer
  ) -> (Outcome, Bytes) {
    let stream = streams[PartialLines.index(isError)]
    streams[PartialLines.index(isError)] = Stream()
    switch stream.state {
    case .elsewhere: return (.elsewhere, Bytes())
    case .tooLong: return (.more, Bytes())
    case .closed, .open, .unknown: break
    }
    let isWritten = stream.parts.withUnsafeBufferPointer { parts in
      guard let start = parts.baseAddress else { return true }
      return buffer.put(Bytes(start, parts.count), at: 0)
    }
    guard isWritten, buffer.put(last, at: stream.parts.count) else { return (.tooLong, Bytes()) }
    return (.whole, buffer.bytes(0, stream.parts.count + last.count))
  }
}
