import AccessLogReader
import MeshModel
import Synchronization

/// One large plain log that several threads read side by side, each taking the next segment that nobody
/// has.
///
/// A line belongs to the segment in which it starts. The digest is put together from those of the
/// segments, each hashed while its bytes are in the cache for reading.
final class SegmentedLog: Sendable {
  /// Bytes of a segment: a power of two of the digest's chunks.
  private let segmentByteCount: Int
  /// How far one look back goes for lines that are in parts.
  private let tailByteCount: Int
  let file: InputFile
  /// Bytes when it was planned to be read; what is written later is left.
  let size: Int
  private let segmentCount: Int
  private let hashes: Bool
  /// Whether a runtime may have written lines in parts.
  private let isWrapped: Bool
  /// Digests of contents that were counted before, by length.
  private let known: [Int: Set<String>]
  /// Bytes at the start that were counted before; nil until somebody has looked.
  private let counted = Mutex<Int?>(nil)
  private let next = Atomic<Int>(0)
  /// Why the lines before a segment could not be read.
  private let failure = Mutex<SourceFile.Failure?>(nil)
  /// What the threads that are done have read, and how many are not.
  private let done: Mutex<Done>

  private struct Done: ~Copyable {
    var scanner: AccessLogScanner?
    var threadsLeft: Int
  }

  init(
    file: InputFile, size: Int, threads: Int, hashes: Bool, isWrapped: Bool = false,
    known: [Int: Set<String>] = [:], segmentByteCount: Int = 4 << 20,
    tailByteCount: Int = 64 << 10
  ) {
    self.segmentByteCount = segmentByteCount
    self.tailByteCount = tailByteCount
    self.file = file
    done = Mutex(Done(scanner: nil, threadsLeft: threads))
    self.size = size
    self.hashes = hashes
    self.isWrapped = isWrapped
    self.known = known.filter { $0.key > 0 && $0.key <= size }
    segmentCount =
      (size + segmentByteCount - 1) / segmentByteCount
  }

  /// What one thread made of a segment.
  fileprivate struct Segment: Sendable {
    var index: Int
    var lineCount = 0
    var digest: ContentDigest?
    /// Up to the end of the last line that is complete; for the last segments only.
    var digestAtLineEnd: ContentDigest?
  }

  /// What one thread did.
  struct Part: Sendable {
    /// What all threads read, from the last one that is done.
    fileprivate var result: AccessLogResult?
    fileprivate var segments: [Segment] = []
    /// Bytes of the file when the thread had read.
    fileprivate var sizeAfter = 0
  }

  /// What all threads together did.
  struct Outcome: Sendable {
    var result: AccessLogResult
    /// Digest and length of everything, and up to the end of the last complete line; nil without digests.
    var contents: (whole: TrafficSummary.Content, complete: TrafficSummary.Content)?
    /// Bytes at the start that were counted before.
    var countedByteCount = 0
    /// Bytes of the file when it had been read.
    var sizeAfter = 0
  }

  /// Reads segments until none is left.
  func read(_ scanner: consuming AccessLogScanner) throws(SourceFile.Failure) -> Part {
    let source = try SourceFile(path: file.storage)
    let countedByteCount = try countedBytes(source)
    var segments: [Segment] = []
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < segmentCount else { break }
      segments.append(try read(index, source, &scanner, after: countedByteCount))
    }
    let sizeAfter = source.currentSize
    return Part(result: finish(scanner), segments: segments, sizeAfter: sizeAfter)
  }

  /// Puts what a thread read to what the others did; the last one resolves it, once for all.
  private func finish(_ scanner: consuming AccessLogScanner) -> AccessLogResult? {
    var scanner: AccessLogScanner? = consume scanner
    return done.withLock { done in
      done.threadsLeft -= 1
      guard var own = scanner.take() else { return nil }
      if let other = done.scanner.take() { own.absorb(other) }
      guard done.threadsLeft == 0 else {
        done.scanner = consume own
        return nil
      }
      return own.finish()
    }
  }

  private func read(
    _ index: Int, _ source: SourceFile, _ scanner: inout AccessLogScanner, after counted: Int
  ) throws(SourceFile.Failure) -> Segment {
    let lower = index * segmentByteCount
    let upper = min(lower + segmentByteCount, size)
    var segment = Segment(index: index)
    if hashes { segment.digest = ContentDigest(offset: lower) }
    try beginSegment(index, at: lower, source, &scanner, after: counted)
    // What comes before is the end of a line of the segment before, or was counted.
    var isSkipping = false
    if counted <= lower { isSkipping = try !isLineStart(lower, source) }
    var position = lower
    source.select(lower..<upper)
    while let block = try source.next() {
      var rest = block
      if hashes {
        if index >= segmentCount - 2 { takeLineEnd(of: block, &segment) }
        segment.digest?.update(block)
      }
      if position < counted {
        let count = min(counted - position, rest.count)
        let old = UnsafeRawBufferPointer(rebasing: rest[..<count])
        scanner.passOver(lines: CountedPrefix.lineCount(in: old))
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      position += block.count
      if isSkipping {
        guard let newline = SegmentedLog.newline(in: rest) else { continue }
        rest = UnsafeRawBufferPointer(rebasing: rest[(newline + 1)...])
        isSkipping = false
      }
      scanner.consume(rest)
    }
    var end = upper
    if upper < size, scanner.isWithinLine {
      source.select(upper..<size)
      while let block = try source.next(atMost: 16 << 10) {
        let newline = SegmentedLog.newline(in: block)
        let rest = UnsafeRawBufferPointer(
          rebasing: block[..<(newline.map { $0 + 1 } ?? block.count)])
        scanner.consume(rest)
        end += rest.count
        if newline != nil { break }
      }
    }
    // The log ends here, within a line.
    if end == size, scanner.isWithinLine { scanner.finishLine() }
    segment.lineCount = scanner.lineNumber
    scanner.endSegment()
    try finishParts(from: end, source, &scanner)
    if let failure = failure.withLock({ $0 }) { throw failure }
    return segment
  }

  /// Reads on where the last line of a segment has parts in the next one.
  private func finishParts(
    from position: Int, _ source: SourceFile, _ scanner: inout AccessLogScanner
  ) throws(SourceFile.Failure) {
    guard isWrapped, position < size, scanner.isWithinParts else { return }
    source.select(position..<size)
    while scanner.isWithinParts, let block = try source.next(atMost: 16 << 10) {
      var rest = block
      while scanner.isWithinParts, let newline = SegmentedLog.newline(in: rest) {
        scanner.consume(UnsafeRawBufferPointer(rebasing: rest[...newline]))
        rest = UnsafeRawBufferPointer(rebasing: rest[(newline + 1)...])
      }
      if scanner.isWithinParts { scanner.consume(rest) }
    }
    // The log ends here, perhaps within a line.
    if scanner.isWithinLine { scanner.finishLine() }
  }

  /// Begins a segment, with what the lines before it tell of lines in parts.
  private func beginSegment(
    _ index: Int, at lower: Int, _ source: SourceFile, _ scanner: inout AccessLogScanner,
    after counted: Int
  ) throws(SourceFile.Failure) {
    guard isWrapped, lower > 0, counted <= lower else { return scanner.beginSegment(index) }
    let tail = try partialTail(
      from: max(counted, lower - tailByteCount), before: lower, source, after: counted)
    scanner.beginSegment(index, after: tail) { isError in
      self.goesOn(at: lower, isError: isError, after: counted)
    }
  }

  /// Whether a line of a stream goes on at a place, however far back its last part is.
  private func goesOn(at place: Int, isError: Bool, after counted: Int) -> Bool {
    do throws(SourceFile.Failure) {
      let source = try SourceFile(path: file.storage)
      var upper = place
      while upper > counted {
        // A window begins in the line before, so that each line starts in one of them.
        let lower = max(counted, upper - tailByteCount)
        let tail = try partialTail(from: lower, before: upper, source, after: counted)
        if let isOpen = tail.isOpen(isError: isError) { return isOpen }
        upper = lower
      }
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
    return false
  }

  /// Which lines that start between two places go on after the second one.
  private func partialTail(
    from lower: Int, before place: Int, _ source: SourceFile, after counted: Int
  ) throws(SourceFile.Failure) -> PartialTail {
    var startsLine = lower == counted
    if !startsLine { startsLine = try isLineStart(lower, source) }
    source.select(lower..<min(place + PartialTail.prefixByteCount, size))
    let tail = try source.next().map {
      PartialTail(
        $0, before: place - lower, startsLine: startsLine, isStart: lower == counted)
    }
    return tail
      ?? PartialTail(
        UnsafeRawBufferPointer(start: nil, count: 0), before: 0, startsLine: true, isStart: true)
  }

  private func takeLineEnd(of block: UnsafeRawBufferPointer, _ segment: inout Segment) {
    guard let newline = block.lastIndex(of: 10) else { return }
    segment.digestAtLineEnd = segment.digest
    segment.digestAtLineEnd?.update(UnsafeRawBufferPointer(rebasing: block[...newline]))
  }

  private func isLineStart(_ position: Int, _ source: SourceFile) throws(SourceFile.Failure) -> Bool
  {
    guard position > 0 else { return true }
    source.select((position - 1)..<position)
    return try source.next().map { $0[0] == 10 } ?? true
  }

  private static func newline(in block: UnsafeRawBufferPointer) -> Int? {
    block.firstIndex(of: 10)
  }

  /// How much of the start was counted before; the first thread that asks finds out.
  private func countedBytes(_ source: SourceFile) throws(SourceFile.Failure) -> Int {
    guard let longest = known.keys.max() else { return 0 }
    return try counted.withLock { (counted) throws(SourceFile.Failure) in
      if let counted { return counted }
      var prefix = CountedPrefix(known)
      var found = 0
      var position = 0
      source.select(0..<longest)
      while let block = try source.next() {
        prefix.take(block, consume: { position += $0.count }, restart: { found = position })
      }
      counted = found
      return found
    }
  }

  /// Puts the parts together.
  func outcome(of parts: [Part], options: AccessLogOptions) -> Outcome {
    var result = parts.compactMap(\.result).first ?? AccessLogResult(options: options)
    let segments = parts.flatMap(\.segments).sorted { $0.index < $1.index }
    result.placeLines(ofSegments: segments.map(\.lineCount))
    var outcome = Outcome(result: result)
    outcome.countedByteCount = counted.withLock { $0 ?? 0 }
    outcome.sizeAfter = parts.lazy.map(\.sizeAfter).max() ?? size
    guard hashes else { return outcome }
    var whole = ContentDigest()
    var complete = ContentDigest()
    for segment in segments {
      guard let digest = segment.digest else { continue }
      if let atLineEnd = segment.digestAtLineEnd {
        complete = whole
        complete.append(atLineEnd)
      }
      if digest.byteCount == segmentByteCount {
        whole.append(
          value: digest.subtreeValue,
          chunks: segmentByteCount / ContentDigest.chunkByteCount)
      } else {
        whole.append(digest)
      }
    }
    outcome.contents = (
      .init(digest: whole.hex, byteCount: whole.byteCount),
      .init(digest: complete.hex, byteCount: complete.byteCount)
    )
    return outcome
  }
}
