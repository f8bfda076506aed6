import AccessLogReader
import AuditModel
import MeshModel

/// Puts the parts of logs together in the order of their paths, each contents once.
struct SummaryCollector {
  private(set) var summary: TrafficSummary
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var countedCount = 0
  private(set) var knownCount = 0
  private var files: [InputFile] = []
  private var partCounts: [Int] = []
  private var waiting: [Int: [SummaryPartResult]] = [:]
  private var next = 0

  init(options: AccessLogOptions, identifies: Bool, failedInputCount: Int) {
    summary = TrafficSummary(
      tool: "meshaudit \(Version.current)", result: AccessLogResult(options: options),
      isIdentified: identifies, failedInputCount: failedInputCount)
  }

  /// The work on `logs`, in order; the same log again for each thread that may take a share of it.
  static func plan(_ logs: [LogInput], concurrency: Int, identifies: Bool) -> [SummaryPart] {
    var plan: [SummaryPart] = []
    for (index, log) in logs.enumerated() {
      guard log.format != TrafficSummary.formatName else {
        plan.append(SummaryPart(log: index, file: log.file, work: .summary))
        continue
      }
      // With many logs there is enough to do side by side.
      let isWorthIt = concurrency > 1 && logs.count < concurrency * 2
      guard isWorthIt, let parts = LogParts(path: log.file.storage) else {
        plan.append(SummaryPart(log: index, file: log.file, work: .lines))
        continue
      }
      let segments = SegmentedLog(
        file: log.file, size: parts.size, threads: concurrency, hashes: identifies,
        isWrapped: parts.isWrapped)
      for _ in 0..<concurrency {
        plan.append(SummaryPart(log: index, file: log.file, work: .segments(segments)))
      }
    }
    return plan
  }

  mutating func expect(_ plan: [SummaryPart], files: [InputFile]) {
    self.files = files
    partCounts = Array(repeating: 0, count: files.count)
    for part in plan { partCounts[part.log] += 1 }
  }

  /// Takes a result up as soon as all logs before it are taken up.
  mutating func take(_ result: SummaryPartResult) {
    waiting[result.log, default: []].append(result)
    while next < files.count, let parts = waiting[next], parts.count == partCounts[next] {
      waiting[next] = nil
      take(parts, of: files[next])
      next += 1
    }
  }

  private mutating func take(_ parts: [SummaryPartResult], of file: InputFile) {
    if let failure = parts.compactMap(\.failure).first { return fail(file, failure) }
    if let other = parts.compactMap(\.summary).first { return take(other, of: file) }
    guard let first = parts.first else { return }
    var result = first.result ?? AccessLogResult(options: summary.result.options)
    var contents = first.contents
    if let log = first.segments?.log {
      let outcome = log.outcome(
        of: parts.compactMap(\.segments?.part), options: summary.result.options)
      result = outcome.result
      contents = outcome.contents
      let content = result.counts.unterminated > 0 ? contents?.complete : contents?.whole
      if let note = GrownFile.note(
        path: file.path, counted: content?.byteCount ?? log.size, size: log.size,
        now: outcome.sizeAfter)
      {
        diagnostics.append(note)
      }
    }
    diagnostics += parts.compactMap(\.grown)
    if let contents {
      // A last line that is not complete was not counted; it will come again, whole.
      let content = result.counts.unterminated > 0 ? contents.complete : contents.whole
      if content.byteCount > 0, !summary.contents.insert(content).inserted {
        knownCount += 1
        return
      }
    }
    summary.result.merge(result)
    countedCount += 1
  }

  private mutating func take(_ other: TrafficSummary, of file: InputFile) {
    let known = other.contents.intersection(summary.contents)
    guard known.isEmpty else {
      if known.count == other.contents.count {
        knownCount += 1
      } else {
        fail(file, "\(known.count) of its logs are counted already, and others are not")
      }
      return
    }
    summary.merge(other)
    countedCount += 1
  }

  private mutating func fail(_ file: InputFile, _ reason: String) {
    summary.failedInputCount += 1
    diagnostics.append(
      Diagnostic(
        code: "unreadable-input", severity: .error,
        message: "\"\(file.path)\" was not read: \(reason); nothing of it was counted",
        location: SourceLocation(path: file.path)))
  }
}
