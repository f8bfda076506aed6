import CInflateShim

/// Reads lines of any Envoy text format, from both ends as `IstioTextLine` does.
///
/// Values that can hold no space are read from the left up to the first value that a caller may fill
/// as he likes, and from the right down to the last such value. What lies between is read only when
/// exactly one value does.
struct TextLine {
  private struct Piece {
    var literal: [UInt8]
    var value: EnvoyOperator?
  }

  private let pieces: [Piece]
  /// Pieces before the first loose value, and after the last one.
  private let leftEnd: Int
  private let rightStart: Int
  /// The pieces after a logged path that repeat when its header hides an ending; empty when the
  /// format has no such path.
  private let ending: Range<Int>
  /// Whether anything between the loose values is read.
  private let middle: Middle
  private var found: [Bytes]

  private enum Middle {
    case unused
    /// A request id, which decides nothing alone and only joins the line to another one.
    case optional
    case needed
  }

  init(_ elements: [AccessLogFormat.Element]) {
    let pieces = elements.map { element in
      switch element {
      case .literal(let bytes): Piece(literal: bytes, value: nil)
      case .value(let value): Piece(literal: [], value: value)
      }
    }
    func isLoose(_ index: Int) -> Bool {
      guard let value = pieces[index].value else { return false }
      // Between two values without a literal nothing says where one ends.
      let touches = index + 1 < pieces.count && pieces[index + 1].value != nil
      let isTouched = index > 0 && pieces[index - 1].value != nil
      return !value.isSolid || touches || isTouched
    }
    self.pieces = pieces
    let first = pieces.indices.first(where: isLoose) ?? pieces.count
    leftEnd = first
    rightStart = (pieces.indices.last(where: isLoose) ?? pieces.count - 1) + 1
    let path = pieces[..<first].indices.first { pieces[$0].value?.field == .loggedPath }
    ending = path.map { $0 + 1..<first } ?? first..<first
    found = Array(repeating: Bytes(), count: pieces.count)
    let values = pieces[min(leftEnd, rightStart)..<rightStart].compactMap(\.value)
    let used = values.filter { $0.meaning != .unused }
    middle =
      used.isEmpty ? .unused : used.allSatisfy { $0.field == .requestID } ? .optional : .needed
  }

  /// Reads a line into the record, which is empty.
  mutating func read(
    _ line: Bytes, _ record: inout LogRecord, _ times: inout LogTimeReader
  ) -> LineVerdict {
    var left = 0
    guard readRight(line, upTo: leftEnd, &left) else { return .rejected }
    var right = line.count
    if leftEnd < pieces.count {
      guard readLeft(line, from: left, downTo: rightStart, &right) else { return .ambiguous }
      if rightStart - leftEnd == 1 {
        found[leftEnd] = Bytes(line.pointer + left, right - left)
      } else if middle == .unused || !readMiddle(Bytes(line.pointer + left, right - left)) {
        guard middle != .needed else { return .ambiguous }
        for index in leftEnd..<rightStart { found[index] = Bytes() }
      }
      if isContested(Bytes(line.pointer + left, right - left)) { return .ambiguous }
    } else if left != line.count {
      return .rejected
    }
    for index in pieces.indices {
      guard let value = pieces[index].value else { continue }
      guard store(found[index], value, &record, &times) else { return .rejected }
    }
    return .read
  }

  /// Reads the first `end` pieces from `position` on; values end at the next literal.
  private mutating func readRight(_ line: Bytes, upTo end: Int, _ position: inout Int) -> Bool {
    for index in 0..<end {
      guard pieces[index].value != nil else {
        guard matches(pieces[index].literal, line, at: position) else { return false }
        position += pieces[index].literal.count
        continue
      }
      guard let value = solid(line, from: position, before: index + 1) else { return false }
      found[index] = value
      position += value.count
    }
    return true
  }

  /// The value that starts at `from` and ends where piece `next`, a literal, starts or the line ends.
  private func solid(_ line: Bytes, from: Int, before next: Int) -> Bytes? {
    let rest = line.dropFirst(from)
    let run = rest.prefix(rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.count)
    guard next < pieces.count else { return run.count == rest.count ? run : nil }
    let literal = pieces[next].literal
    // The value ends with the run when the literal starts with a space; otherwise at the last place
    // where the literal fits, and there must be only one.
    var end: Int?
    for place in stride(from: run.count, through: 0, by: -1)
    where matches(literal, rest, at: place) {
      guard end == nil else { return nil }
      end = place
      if literal.first == UInt8(ascii: " ") { break }
    }
    return end.map { run.prefix($0) }
  }

  /// Reads the last pieces, from the end of the line down to piece `start`, not beyond `from`.
  private mutating func readLeft(
    _ line: Bytes, from: Int, downTo start: Int, _ position: inout Int
  ) -> Bool {
    var index = pieces.count
    while index > start {
      index -= 1
      let literal = pieces[index].literal
      guard pieces[index].value != nil else {
        position -= literal.count
        guard position >= from, matches(literal, line, at: position) else { return false }
        continue
      }
      // The value starts after the literal before it, which is there: solid values do not touch.
      let before = pieces[index - 1].literal
      var startOfRun = position
      while startOfRun > from, line[startOfRun - 1] != UInt8(ascii: " ") { startOfRun -= 1 }
      var place: Int?
      for candidate in startOfRun...position
      where candidate - before.count >= from
        && matches(before, line, at: candidate - before.count)
      {
        guard place == nil else { return false }
        place = candidate
        if before.last == UInt8(ascii: " ") { break }
      }
      guard let place else { return false }
      found[index] = Bytes(line.pointer + place, position - place)
      position = place
    }
    return true
  }

  /// Reads a middle with several loose values: only when its literals fit in one way, so that the
  /// leftmost and the rightmost places for them are the same.
  private mutating func readMiddle(_ middle: Bytes) -> Bool {
    var position = 0
    for index in leftEnd..<rightStart {
      guard pieces[index].value != nil else {
        position += pieces[index].literal.count
        continue
      }
      guard index + 1 < rightStart else {
        found[index] = Bytes(middle.pointer + position, middle.count - position)
        break
      }
      guard let end = place(of: pieces[index + 1].literal, in: middle, from: position) else {
        return false
      }
      found[index] = Bytes(middle.pointer + position, end - position)
      position = end
    }
    var end = middle.count
    for index in (leftEnd..<rightStart).reversed() {
      guard pieces[index].value != nil else {
        end -= pieces[index].literal.count
        continue
      }
      var start = 0
      if index > leftEnd {
        let literal = pieces[index - 1].literal
        start = end
        while start >= literal.count, !matches(literal, middle, at: start - literal.count) {
          start -= 1
        }
      }
      guard found[index].start == middle.pointer + start, found[index].count == end - start else {
        return false
      }
      end = start
    }
    return true
  }

  private func place(of literal: [UInt8], in bytes: Bytes, from: Int) -> Int? {
    guard !literal.isEmpty, from + literal.count <= bytes.count else { return nil }
    for place in from...(bytes.count - literal.count) where matches(literal, bytes, at: place) {
      return place
    }
    return nil
  }

  /// Whether the middle holds the ending of the request once more, differently (see `RequestEnding`).
  private func isContested(_ middle: Bytes) -> Bool {
    guard ending.count > 3 else { return false }
    for start in 0..<middle.count where middle[start] == UInt8(ascii: " ") {
      var position = start
      var differs = false
      var fits = true
      for index in ending {
        guard let value = pieces[index].value else {
          fits = matches(pieces[index].literal, middle, at: position)
          position += pieces[index].literal.count
          if !fits { break }
          continue
        }
        guard let text = solid(middle, from: position, before: index + 1) else {
          fits = false
          break
        }
        if value.meaning == .code, IstioTextLine.codeNumber(text) == nil { fits = false }
        if value.meaning == .bytesSent || value.meaning == .bytesReceived
          || value.meaning == .duration, IstioTextLine.amount(text) == nil
        {
          fits = false
        }
        if !fits { break }
        switch value.meaning {
        case .code: differs = differs || !text.equals(found[index])
        case .field where TextLine.evidence.contains(value.field):
          differs = differs || !text.equals(found[index])
        default: break
        }
        position += text.count
      }
      if fits, differs { return true }
    }
    return false
  }

  private static let evidence: Set<LogField> = [
    .flags, .details, .termination, .peerSAN, .localSAN, .upstreamPeerSAN, .sni, .cluster,
  ]

  private func matches(_ literal: [UInt8], _ line: Bytes, at position: Int) -> Bool {
    guard position >= 0, position + literal.count <= line.count else { return false }
    for index in literal.indices where line[position + index] != literal[index] { return false }
    return true
  }

  private func store(
    _ bytes: Bytes, _ value: EnvoyOperator, _ record: inout LogRecord,
    _ times: inout LogTimeReader
  ) -> Bool {
    switch value.meaning {
    case .field: record[value.field] = IstioTextLine.present(bytes)
    case .time:
      guard bytes.count > 0, let moment = times.read(bytes) else { return false }
      record.time = moment.nanoseconds
      record.day = moment.day
      record.hour = moment.hour
    case .code:
      guard let code = IstioTextLine.codeNumber(bytes) else { return false }
      record.code = code
    case .bytesReceived:
      guard let amount = IstioTextLine.amount(bytes) else { return false }
      record.bytesReceived = amount
    case .bytesSent:
      guard let amount = IstioTextLine.amount(bytes) else { return false }
      record.bytesSent = amount
    case .duration, .durationNanoseconds:
      guard let duration = IstioTextLine.duration(bytes) else { return false }
      record.duration = duration
    case .unused, .unknown: break
    }
    return true
  }
}
