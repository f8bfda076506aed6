import CInflateShim
package import MeshModel

/// Reads one access log, block by block, and adds its requests up.
///
/// Opens nothing and keeps nothing but the current line, a table of shapes of bounded size and the
/// sums. Bytes in, `AccessLogResult` out; a file in several parts may be read by several scanners whose
/// results are merged.
package struct AccessLogScanner: ~Copyable {
  private let path: String
  var result: AccessLogResult
  var resolver: ShapeResolver
  var lines: LineReader
  var record = LogRecord()
  private let shape = ShapeWriter()
  var table = ShapeTable()
  /// Lines whose other line may come, with entries of the table as their rows.
  var pairs: PairSample
  private let marks = LineMarks()
  /// The start of a line whose end is in a block to come.
  private var carry: [UInt8] = []
  private var isSkippingLine = false
  /// Lines so far, of the segment that is being read.
  package private(set) var lineNumber = 0
  private var isContinuation: Bool
  private var segment = 0
  /// Only lines are read that go on with one of the segment before.
  private var isFinishingParts = false
  /// How many rows an engine wrote and how many were read, when that is what is read.
  private var rows: (expected: Int, read: Int)?
  private var readByFormat: [Int] = []
  /// Lines of one format after the other that are not in `readByFormat` yet.
  private var formatRun = (format: 0, count: 0)

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
    pairs = PairSample(keyLimit: options.pairLimit)
  }

  /// Reads the next bytes of the log; blocks may end anywhere.
  package mutating func consume(_ block: UnsafeRawBufferPointer) {
    guard let raw = block.baseAddress else { return }
    let start = raw.assumingMemoryBound(to: UInt8.self)
    // What follows a segment is counted with its own one.
    if !isFinishingParts { result.counts.bytes += block.count }
    var offset = 0
    while offset < block.count {
      let count = min(block.count - offset, LineMarks.capacity)
      consume(start + offset, count)
      offset += count
    }
  }

  private mutating func consume(_ lower: UnsafePointer<UInt8>, _ count: Int) {
    let upper = lower + count
    var position = lower
    if !carry.isEmpty || isSkippingLine {
      guard let newline = AccessLogScanner.newline(position, upper) else {
        keep(position, upper)
        return
      }
      keep(position, newline)
      finishCarriedLine()
      position = newline + 1
    }
    let marks = marks.mark(
      lower, count, lines.separator(ofLineAt: position < upper ? position[0] : 0))
    // Those before belong to the line that was carried over.
    let first = UInt32(position - lower)
    var index = 0
    while index < marks.lineEndCount, marks.lineEnds[index] < first { index += 1 }
    var rank = UInt32(marks.rank(Int(first)))
    while index < marks.lineEndCount {
      let newline = lower + Int(marks.lineEnds[index])
      // A newline is no separator, so that as many come before the next line.
      let nextRank = marks.lineEndRanks[index]
      index &+= 1
      readLine(
        LineWindow(
          line: Bytes(position, newline - position), lower: lower, upper: upper, marks: marks,
          ranks: (rank, nextRank)),
        isComplete: true)
      position = newline + 1
      rank = nextRank
    }
    if position < upper { keep(position, upper) }
  }

  /// Whether a line has started that has not come to its end.
  package var isWithinLine: Bool { !carry.isEmpty || isSkippingLine }

  /// Counts lines of a segment that are not read, for they were counted before.
  package mutating func passOver(lines: Int) { lineNumber += lines }

  /// Goes on with another segment of the same log, which need not follow the last one; the last one must
  /// have come to the end of a line.
  ///
  /// - Parameters:
  ///   - tail: which lines are in parts that the segment before reads to their ends.
  ///   - goesOn: finds that out for a stream where the tail does not tell it.
  package mutating func beginSegment(
    _ number: Int, after tail: PartialTail? = nil, goesOn: ((_ isError: Bool) -> Bool)? = nil
  ) {
    segment = number
    lineNumber = 0
    isContinuation = number > 0
    isFinishingParts = false
    lines.goesOn = goesOn
    for isError in [false, true] {
      lines.partials.begin(
        isError: isError, goesOn: tail.map { $0.isOpen(isError: isError) } ?? false)
    }
  }

  /// Whether a line that a runtime wrote in parts has not come to its last one.
  package var isWithinParts: Bool { lines.partials.hasOpen }

  /// What follows belongs to the next segment but for parts of lines that started in this one.
  package mutating func endSegment() {
    isFinishingParts = true
    lines.goesOn = nil
  }

  @inline(never)
  private func continuesLine(_ line: Bytes) -> Bool {
    guard let part = LogPrefix.part(line) else { return false }
    return lines.partials.isOpen(isError: part.isError)
  }

  /// Takes over what another scanner of the same log, with the same options, read of it; the other one
  /// must have come to the end of a line, or of the log.
  package mutating func absorb(_ other: consuming AccessLogScanner) {
    other.finishLine()
    other.finishPending()
    finishPending()
    pairs.raise(to: other.pairs.level)
    countReleased()
    var indices: [Int] = []
    for index in 0..<other.table.count {
      if table.isFull {
        takeHalves(of: other.pairs, indices)
        flush()
        indices = Array(repeating: -1, count: index)
      }
      indices.append(table.add(other.table, index))
    }
    takeHalves(of: other.pairs, indices)
    for entry in other.pairs.entries where entry.ambiguousCount > 0 { pairs.add(entry) }
    countReleased()
    other.endFormatRun(next: 0)
    for (format, count) in other.readByFormat.enumerated() { countFormat(format, count) }
    result.merge(other.result)
  }

  /// Ends the log and says what was in it.
  package consuming func finish() -> AccessLogResult {
    finishLine()
    if let rows, rows.read != rows.expected, result.problem == nil {
      result.problem = "it has \(rows.read) of the \(rows.expected) rows that the engine made"
    }
    flush()
    endFormatRun(next: 0)
    for (index, count) in readByFormat.enumerated() where count > 0 {
      result.counts.readByFormat[lines.formats[index].name, default: 0] += count
    }
    return result
  }

  /// Reads the last line when it has no end.
  package mutating func finishLine() {
    if isSkippingLine {
      lineNumber += 1
      isSkippingLine = false
      countTooLong()
    } else if !carry.isEmpty {
      let last = carry
      carry = []
      last.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        readLine(LineWindow(Bytes(base, buffer.count)), isComplete: false)
      }
    }
  }

  private static func newline(
    _ from: UnsafePointer<UInt8>, _ to: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    guard let found = memchr(from, 10, to - from) else { return nil }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
  }

  private mutating func keep(_ from: UnsafePointer<UInt8>, _ to: UnsafePointer<UInt8>) {
    guard !isSkippingLine else { return }
    if carry.count + (to - from) > result.options.longestLine + 1 {
      carry.append(contentsOf: UnsafeBufferPointer(start: from, count: min(to - from, 128)))
      dropPart(carry)
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

  private mutating func dropPart(_ start: [UInt8]) {
    start.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      lines.dropPart(Bytes(base, min(buffer.count, 128)))
    }
  }

  private mutating func countTooLong() {
    guard !isFinishingParts else { return }
    result.counts.lines += 1
    result.counts.tooLong += 1
    example(.tooLong)
  }

  @inline(__always)
  private mutating func readLine(_ window: LineWindow, isComplete: Bool) {
    lineNumber += 1
    if isFinishingParts, !continuesLine(window.line) { return }
    var window = window
    if window.line.count > 0, window.line[window.line.count - 1] == 13 {
      window.line.count -= 1
    }
    guard window.line.count > 0 else { return }
    guard window.line.count <= result.options.longestLine else {
      lines.dropPart(window.line.prefix(128))
      return countTooLong()
    }
    if lineNumber == 1, !isContinuation, window.line.hasPrefix(EngineRow.start) {
      rows = (0, 0)
    }
    if rows != nil { return readRow(window.line) }
    result.counts.lines += 1
    switch lines.read(window, &record, isFirst: lineNumber == 1 && !isContinuation) {
    case .read:
      count()
    case .more: break
    case .elsewhere: result.counts.lines -= 1
    case .several:
      while lines.next(&record) { count() }
      result.counts.other += lines.otherInLine
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

  /// Reads a row that an engine made of many lines.
  private mutating func readRow(_ line: Bytes) {
    var row = EngineRow()
    guard lines.readRow(line, &record, &row),
      (rows?.expected == 0 || rows?.expected == row.rowCount)
    else {
      if result.problem == nil {
        result.problem = "line \(lineNumber) is no row of a traffic query"
      }
      return
    }
    rows = (row.rowCount, (rows?.read ?? 0) + 1)
    result.counts.lines += row.count
    result.counts.read += row.count
    countFormat(record.format, row.count)
    if table.isFull { flush() }
    table.add(row, record, shape.write(record, to: table.nextShape))
  }

  @inline(__always)
  private mutating func count() {
    result.counts.read += 1
    if record.format != formatRun.format { endFormatRun(next: record.format) }
    formatRun.count &+= 1
    if table.isFull { flush() }
    let written = shape.write(record, to: table.nextShape)
    var isKept = false
    if let key = PairKey(record) {
      switch key.side {
      case .server: result.counts.pairableServerLines += 1
      case .client: result.counts.pairableClientLines += 1
      }
      isKept = pairs.keeps(key.rank) && keep(key, written)
    }
    if !isKept { table.add(record, written) }
    if table.hasFound { takeFound() }
  }

  private mutating func countFormat(_ format: Int, _ count: Int) {
    while readByFormat.count <= format { readByFormat.append(0) }
    readByFormat[format] += count
  }

  @inline(never)
  private mutating func endFormatRun(next format: Int) {
    countFormat(formatRun.format, formatRun.count)
    formatRun = (format, 0)
  }

  private mutating func example(_ problem: AccessLogResult.Example.Problem) {
    guard result.examples.count < result.options.exampleLimit else { return }
    result.examples.append(
      AccessLogResult.Example(
        path: path, line: segment << AccessLogResult.segmentShift | lineNumber, problem: problem))
  }
}

/// Nothing outside a scanner refers to what it holds, and it cannot be copied: whoever is given it has it
/// alone, on whatever thread.
extension AccessLogScanner: @unchecked Sendable {}
