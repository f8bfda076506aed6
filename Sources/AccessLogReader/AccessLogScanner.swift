import CInflateShim
package import MeshModel

/// Reads one access log, block by block, and adds its requests up.
///
/// Opens nothing and keeps nothing but the current line, a table of shapes of bounded size and the
/// sums. Bytes in, `AccessLogResult` out; a file in several parts may be read by several scanners whose
/// results are merged.
package struct AccessLogScanner: ~Copyable {
  private let path: String
  private var result: AccessLogResult
  private var resolver: ShapeResolver
  private var lines: LineReader
  private var record = LogRecord()
  private let shape = ShapeWriter()
  private var table = ShapeTable()
  /// The start of a line whose end is in a block to come.
  private var carry: [UInt8] = []
  private var isSkippingLine = false
  /// Lines so far.
  package private(set) var lineNumber = 0
  private let isContinuation: Bool
  /// Bytes up to and with the end of the last complete line.
  package private(set) var completeByteCount = 0
  private var readByFormat: [Int] = []

  /// A scanner for the file at `path` (used in diagnostics only) whose lines the proxy of `owner`
  /// wrote, when that is known.
  ///
  /// - Parameter isContinuation: what is read starts within the file, at the start of a line.
  package init(
    options: AccessLogOptions, directory: TrafficDirectory, path: String,
    owner: WorkloadID? = nil, isContinuation: Bool = false
  ) {
    self.path = path
    self.isContinuation = isContinuation
    result = AccessLogResult(options: options)
    resolver = ShapeResolver(
      directory: directory, owner: owner, unknownAddress: options.unknownAddress)
    lines = LineReader(options: options)
  }

  /// Reads the next bytes of the log; blocks may end anywhere.
  package mutating func consume(_ block: UnsafeRawBufferPointer) {
    guard let raw = block.baseAddress, block.count > 0 else { return }
    let lower = raw.assumingMemoryBound(to: UInt8.self)
    let upper = lower + block.count
    var position = lower
    result.counts.bytes += block.count
    if !carry.isEmpty || isSkippingLine {
      guard let newline = AccessLogScanner.newline(position, upper) else {
        keep(position, upper)
        return
      }
      keep(position, newline)
      completeByteCount = result.counts.bytes - (upper - newline - 1)
      finishCarriedLine()
      position = newline + 1
    }
    while position < upper {
      guard let newline = AccessLogScanner.newline(position, upper) else {
        keep(position, upper)
        break
      }
      readLine(
        LineWindow(line: Bytes(position, newline - position), lower: lower, upper: upper),
        isComplete: true)
      position = newline + 1
      completeByteCount = result.counts.bytes - (upper - position)
    }
  }

  /// Ends the log and says what was in it.
  package consuming func finish() -> AccessLogResult {
    if isSkippingLine {
      lineNumber += 1
      countTooLong()
    } else if !carry.isEmpty {
      let last = carry
      carry = []
      last.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        readLine(LineWindow(Bytes(base, buffer.count)), isComplete: false)
      }
    }
    flush()
    for (index, count) in readByFormat.enumerated() where count > 0 {
      result.counts.readByFormat[lines.formats[index].name, default: 0] += count
    }
    return result
  }

  @inline(__always)
  private static func newline(
    _ from: UnsafePointer<UInt8>, _ to: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    guard let found = memchr(from, 10, to - from) else { return nil }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
  }

  private mutating func keep(_ from: UnsafePointer<UInt8>, _ to: UnsafePointer<UInt8>) {
    guard !isSkippingLine else { return }
    if carry.count + (to - from) > result.options.longestLine + 1 {
      carry.removeAll(keepingCapacity: false)
      isSkippingLine = true
    } else {
      carry.append(contentsOf: UnsafeBufferPointer(start: from, count: to - from))
    }
  }

  private mutating func finishCarriedLine() {
    if isSkippingLine {
      isSkippingLine = false
      lineNumber += 1
      countTooLong()
      return
    }
    var line: [UInt8] = []
    swap(&line, &carry)
    line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      readLine(LineWindow(Bytes(base, buffer.count)), isComplete: true)
    }
    line.removeAll(keepingCapacity: true)
    swap(&line, &carry)
  }

  private mutating func countTooLong() {
    result.counts.lines += 1
    result.counts.tooLong += 1
    example(.tooLong)
  }

  @inline(__always)
  private mutating func readLine(_ window: LineWindow, isComplete: Bool) {
    lineNumber += 1
    var window = window
    if window.line.count > 0, window.line[window.line.count - 1] == 13 {
      window.line.count -= 1
    }
    guard window.line.count > 0 else { return }
    guard window.line.count <= result.options.longestLine else { return countTooLong() }
    result.counts.lines += 1
    switch lines.read(window, &record, isFirst: lineNumber == 1 && !isContinuation) {
    case .read:
      count()
    case .more: break
    case .several:
      while lines.next(&record) { count() }
      if lines.rejectedInLine > 0 {
        result.counts.rejected += lines.rejectedInLine
        example(.rejected)
      }
    case .ambiguous:
      result.counts.ambiguous += 1
      example(.ambiguous)
    case .rejected:
      if isComplete {
        result.counts.rejected += 1
        example(.rejected)
      } else {
        result.counts.unterminated += 1
        example(.unterminated)
      }
    case .other: result.counts.other += 1
    }
  }

  @inline(__always)
  private mutating func count() {
    result.counts.read += 1
    while readByFormat.count <= record.format { readByFormat.append(0) }
    readByFormat[record.format] += 1
    if table.isFull { flush() }
    table.add(record, shapeCount: shape.write(record, to: table.nextShape))
  }

  private mutating func example(_ problem: AccessLogResult.Example.Problem) {
    guard result.examples.count < result.options.exampleLimit else { return }
    result.examples.append(
      AccessLogResult.Example(path: path, line: lineNumber, problem: problem))
  }

  /// Resolves what the table holds, adds it to the result and empties the table.
  @inline(never)
  private mutating func flush() {
    table.finishPending()
    for index in 0..<table.count {
      let entry = table.entry(index)
      let shape = ShapeReader(table.key(index))
      let meaning = resolver.meaning(of: shape, format: lines.formats[shape.format])
      let first = UTCTime(nanosecondsSince1970: entry.first)
      let last = UTCTime(nanosecondsSince1970: entry.last)
      result.add(
        ObservedRequestSum(
          count: entry.count, firstSeen: first, lastSeen: last,
          bytesReceived: entry.bytesReceived, bytesSent: entry.bytesSent,
          latency: table.latency(index)),
        to: meaning.key)
      if let writer = meaning.writer {
        result.cover(
          writer,
          LogCoverage(
            firstSeen: first, lastSeen: last, lineCount: entry.count,
            hoursByDay: [shape.day: entry.hours]))
      }
      if shape.marks.contains(.isAddressClaimed) { result.counts.claimedAddresses += entry.count }
      let source = meaning.key.source
      if source.principal == nil, source.workload == nil {
        result.counts.unknownSources += entry.count
      }
      if meaning.key.destination.workload == nil {
        result.counts.unknownDestinations += entry.count
      }
      result.firstSeen = min(result.firstSeen ?? first, first)
      result.lastSeen = max(result.lastSeen ?? last, last)
    }
    table.removeAll()
    result.limitNames()
  }
}
