import AccessLogReader
import AuditModel
import AuditStore
import Crypto
import MeshModel

/// Reads the access logs of a run, several side by side and large ones by several threads, in one pass
/// and bounded memory: digest of the bytes on disk, inflating, digest of the contents, and the lines.
struct LogReading {
  let concurrency: Int
  let options: AccessLogOptions
  let directory: TrafficDirectory
  let progress: any RunProgress
  /// The moment that the run speaks of.
  var asOf: UTCTime?

  struct Outcome: Sendable {
    var inputs: [InputRecord] = []
    var diagnostics: [Diagnostic] = []
    /// How far lines of both sides of a request were joined.
    var pairs = PairCoverage()
  }

  /// Reads `logs` and adds what they say to the store, one transaction an input.
  ///
  /// Contents that were counted before, under whatever name, are not counted again.
  func read(_ logs: [LogInput], into store: AuditStore) async throws(PipelineError) -> Outcome {
    progress.begin("access logs", total: logs.count)
    var parsed: [ParsedLog] = []
    let options = options
    let directory = directory
    let counted: [Int: Set<String>]
    do throws(StoreError) {
      counted = try store.countedContents()
    } catch {
      throw PipelineError(error)
    }
    var failure: PipelineError?
    var outcome = Outcome()
    // The order in which files end decides nothing but which of two equal files is the known one; so
    // results are taken up in the order of paths.
    let work = plan(logs, counted: counted)
    var shares: [String: [ParsedLog]] = [:]
    var level = PairLevel(options: options)
    func receive(_ log: ParsedLog) {
      parsed.append(log)
      if log.traffic.map({ level.take($0) }) == true {
        for index in parsed.indices { parsed[index].changeTraffic(level.limit) }
      } else {
        parsed[parsed.count - 1].changeTraffic(level.limit)
      }
      progress.advance()
    }
    await forEachConcurrently(work, limit: concurrency) { item in
      ParsedLog.parse(item, options: options, directory: directory, counted: counted)
    } receive: { log in
      guard let share = log.share else { return receive(log) }
      shares[log.record.path, default: []].append(log)
      guard let all = shares[log.record.path], all.count == concurrency else { return }
      shares[log.record.path] = nil
      receive(ParsedLog.joined(all, of: share.log, options: options))
    }
    parsed.sort { $0.record.path < $1.record.path }
    outcome.pairs = joinPairs(in: &parsed, counted: counted)
    for index in parsed.indices {
      do throws(StoreError) {
        try take(&parsed[index], store: store, into: &outcome)
      } catch {
        failure = PipelineError(error)
        break
      }
    }
    if let failure { throw failure }
    return outcome
  }

  /// What is to be read: each log, and a large one once for every thread that may take a share of it.
  private func plan(_ logs: [LogInput], counted: [Int: Set<String>]) -> [LogWork] {
    logs.flatMap { log in
      let isWorthIt =
        concurrency > 1 && logs.count < concurrency * 2
        && log.format != TrafficSummary.formatName
      guard isWorthIt, let parts = LogParts(path: log.file.storage) else {
        return [LogWork(log: log, segments: nil)]
      }
      let segments = SegmentedLog(
        file: log.file, size: parts.size, threads: concurrency, hashes: true,
        isWrapped: parts.isWrapped, known: counted)
      return Array(repeating: LogWork(log: log, segments: segments), count: concurrency)
    }
  }

  /// Joins lines of both sides of a request over all logs that are to be counted.
  private func joinPairs(in parsed: inout [ParsedLog], counted: [Int: Set<String>]) -> PairCoverage
  {
    var known = counted.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    var join = PairJoin()
    var inputs: [Int] = []
    for index in parsed.indices {
      guard let traffic = parsed[index].traffic else { continue }
      let digests = parsed[index].contentDigests
      // What was counted before, or is another copy, is not counted, and joins nothing.
      guard known.isDisjoint(with: digests) else { continue }
      known.formUnion(digests)
      join.take(traffic)
      inputs.append(index)
    }
    join.finish()
    for (input, index) in inputs.enumerated() {
      parsed[index].changeTraffic { join.apply(to: &$0, ofInput: input) }
    }
    return join.coverage
  }

  private func take(_ log: inout ParsedLog, store: AuditStore, into outcome: inout Outcome)
    throws(StoreError)
  {
    defer {
      outcome.diagnostics += log.diagnostics
      outcome.inputs.append(log.record)
      // Sums of one file are not needed once they are in the store.
      log.result = nil
      log.summary = nil
    }
    if let summary = log.summary {
      try log.take(
        store.addSummary(
          summary.result.requests, coverage: summary.result.coverage,
          contentDigest: log.content.digest,
          byteCount: log.content.byteCount,
          contents: summary.contents.sorted().map { ($0.digest, $0.byteCount) },
          path: log.record.path))
    } else if log.isComplete {
      log.record.earlier = try store.earlierContents(
        head: log.head, contentDigest: log.content.digest, byteCount: log.content.byteCount,
        countedByteCount: log.countedByteCount)
      guard log.isCountable() else { return }
      let isNew = try store.addTraffic(
        log.result?.requests ?? [:], coverage: log.result?.coverage ?? [:],
        contentDigest: log.content.digest,
        byteCount: log.content.byteCount, path: log.record.path, head: log.head, countedAt: asOf)
      if !isNew {
        log.record.status = .known
        log.record.reason = "its contents were counted before"
      }
    }
  }
}

/// An access log that is to be read, or one thread's share of it.
struct LogWork: Sendable {
  var log: LogInput
  var segments: SegmentedLog?
}

/// One access log after its own thread has read it.
struct ParsedLog: Sendable {
  var record: InputRecord
  /// What one of several threads read of it.
  var share: (log: SegmentedLog, part: SegmentedLog.Part?)?
  var result: AccessLogResult?
  /// The summary that was read in place of a log.
  var summary: TrafficSummary?
  /// Digest and length of what was counted, after decompression.
  var content = (digest: "", byteCount: 0)
  /// Digest of its first line, empty when that identifies nothing.
  var head = ""
  /// Bytes at its start that were counted before.
  var countedByteCount = 0
  var isComplete = false
  var diagnostics: [Diagnostic] = []

  /// What is to be counted, of a log or of a summary.
  var traffic: AccessLogResult? { summary?.result ?? (isComplete ? result : nil) }

  /// Digests of all contents that are to be counted.
  var contentDigests: Set<String> {
    var digests: Set<String> = content.byteCount > 0 ? [content.digest] : []
    for content in summary?.contents ?? [] where content.byteCount > 0 {
      digests.insert(content.digest)
    }
    return digests
  }

  mutating func changeTraffic(_ change: (inout AccessLogResult) -> Void) {
    if summary != nil {
      if var own = summary {
        summary = nil
        change(&own.result)
        summary = own
      }
    } else if var own = result {
      result = nil
      change(&own)
      result = own
    }
  }

  static func parse(
    _ work: LogWork, options: AccessLogOptions, directory: TrafficDirectory,
    counted: [Int: Set<String>]
  ) -> ParsedLog {
    let log = work.log
    var parsed = ParsedLog(
      record: InputRecord(
        path: log.file.path, kind: "access-log:\(log.format)", status: .read))
    do {
      if log.format != TrafficSummary.formatName { parsed.head = try LogHead.digest(of: log.file) }
      if let segments = work.segments {
        parsed.share = (segments, nil)
        let scanner = AccessLogScanner(
          options: options, directory: directory, path: log.file.path,
          owner: AccessLogOwner.owner(of: log.file.path, in: directory))
        parsed.share = (segments, try segments.read(scanner))
      } else if log.format == TrafficSummary.formatName {
        try parsed.readSummary(log, options: options, directory: directory)
      } else {
        try parsed.read(log, options: options, directory: directory, counted: counted)
      }
    } catch {
      parsed.fail(error.reason)
    }
    return parsed
  }

  /// Whether nothing of what is new in it may have been counted before, under the same first line.
  ///
  /// Decision: a log that differs within what was counted is not counted (docs/decisions/014).
  fileprivate mutating func isCountable() -> Bool {
    guard let earlier = record.earlier else { return true }
    switch earlier.relation {
    case .same, .grown: return true
    case .shortened:
      record.status = .known
      record.reason = "it starts like a longer one that was counted before"
      return false
    case .changed:
      let reason =
        "it starts like \"\(earlier.path)\", of which \(earlier.byteCount) bytes were counted before, "
        + "and differs within them; nothing of it was counted"
      record.status = .partial
      record.reason = reason
      diagnostics.append(
        Diagnostic(
          code: "log-changed", severity: .warning,
          message: "\"\(record.path)\" was not counted: \(reason)",
          location: SourceLocation(path: record.path),
          hint:
            "find out who changed it; to have newer lines counted, give them in a file of their own"
        ))
      return false
    }
  }

  /// Puts the shares of several threads together.
  static func joined(_ shares: [ParsedLog], of log: SegmentedLog, options: AccessLogOptions)
    -> ParsedLog
  {
    var joined = shares.first { $0.record.status == .failed } ?? shares[0]
    guard joined.record.status != .failed else { return joined }
    joined.share = nil
    let outcome = log.outcome(of: shares.compactMap { $0.share?.part }, options: options)
    joined.record.byteCount = outcome.contents?.whole.byteCount ?? 0
    joined.record.blake3 = outcome.contents?.whole.digest ?? ""
    let contents =
      outcome.result.counts.unterminated > 0 ? outcome.contents?.complete : outcome.contents?.whole
    joined.content = (contents?.digest ?? "", contents?.byteCount ?? 0)
    joined.countedByteCount = outcome.countedByteCount
    joined.diagnostics += [
      GrownFile.note(
        path: joined.record.path, counted: joined.content.byteCount, size: log.size,
        now: outcome.sizeAfter)
    ].compactMap { $0 }
    joined.take(outcome.result)
    return joined
  }

  private mutating func read(
    _ log: LogInput, options: AccessLogOptions, directory: TrafficDirectory,
    counted: [Int: Set<String>]
  ) throws(SourceFile.Failure) {
    let file = try SourceFile(path: log.file.storage)
    let owner = AccessLogOwner.owner(of: log.file.path, in: directory)
    var digest: SHA256? = SHA256()
    var contents = CountedPrefix(counted)
    var decoder = ContentDecoder(limits: .streamed, isLog: true)
    func makeScanner() -> AccessLogScanner {
      AccessLogScanner(
        options: options, directory: directory, path: log.file.path, owner: owner)
    }
    var scanner = makeScanner()
    var isAtEnd = false
    while !isAtEnd, decoder.problem == nil {
      let block = try file.next()
      isAtEnd = block == nil
      if let block { digest?.update(bufferPointer: block) }
      decoder.decode(orFinish: block) { decoded in
        contents.take(decoded) {
          scanner.consume($0)
        } restart: {
          scanner = makeScanner()
        }
      }
      // SHA-256 of a large plain log costs more than reading its lines (docs/decisions/009).
      if file.size >= LogParts.leastByteCount, !decoder.isCompressed { digest = nil }
    }
    var result = scanner.finish()
    result.shiftLines(by: contents.countedLineCount)
    record.byteCount = file.byteCount
    record.sha256 = digest.map { Digest.hex($0.finalize()) } ?? ""
    record.blake3 = contents.contents(toLineEnd: false).digest
    countedByteCount = contents.countedByteCount
    // A last line that is not complete was not counted; it will come again, whole.
    content = contents.contents(toLineEnd: result.counts.unterminated > 0)
    diagnostics += [
      GrownFile.note(
        path: record.path, counted: decoder.isPlain ? content.byteCount : file.byteCount,
        size: file.size, now: file.currentSize)
    ].compactMap { $0 }
    if let problem = decoder.problem ?? result.problem {
      // A cut file counts nothing: it will come again whole, and half of it counted now would then be
      // counted twice.
      fail("\(problem); nothing of it was counted")
      return
    }
    take(result)
  }

  private mutating func take(_ result: AccessLogResult) {
    let counts = result.counts
    record.recordCount = counts.read
    // What most lines are: the start of the file alone may be told as a format that is like it.
    if let format = counts.readByFormat.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key {
      record.kind = "access-log:\(format)"
    }
    record.rejectedCount = counts.rejected + counts.ambiguous + counts.tooLong
    record.firstTime = result.firstSeen
    record.lastTime = result.lastSeen
    if record.rejectedCount > 0 {
      record.reason = ParsedLog.reason(counts)
      // Proxies write other things into the same stream, so a few strange lines are ordinary.
      if record.rejectedCount * 100 > counts.lines { record.status = .partial }
    }
    diagnostics += result.diagnostics
    self.result = result
    isComplete = true
  }

  static func reason(_ counts: AccessLogCounts) -> String {
    var parts: [String] = []
    if counts.rejected > 0 {
      parts.append(CountedNoun.text(counts.rejected, "line") + " of no known format")
    }
    if counts.ambiguous > 0 { parts.append(CountedNoun.text(counts.ambiguous, "ambiguous line")) }
    if counts.tooLong > 0 {
      parts.append(CountedNoun.text(counts.tooLong, "line") + " above the longest that is read")
    }
    return parts.joined(separator: ", ") + ", of \(counts.lines)"
  }

  mutating func fail(_ reason: String) {
    record.status = .failed
    record.reason = reason
    diagnostics.append(
      Diagnostic(
        code: "unreadable-input", severity: .error,
        message: "\"\(record.path)\" was not read: \(reason)",
        location: SourceLocation(path: record.path)))
  }
}
