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

  /// The work on `logs`, in order: digests of large logs first, for they take longest.
  static func plan(_ logs: [LogInput], concurrency: Int, identifies: Bool) -> [SummaryPart] {
    var plan: [SummaryPart] = []
    for (index, log) in logs.enumerated() {
      func add(_ work: SummaryPart.Work, order: Int) {
        plan.append(SummaryPart(log: index, order: order, file: log.file, work: work))
      }
      guard log.format != TrafficSummary.formatName else {
        add(.summary, order: 0)
        continue
      }
      // With many logs there is enough to do side by side.
      let isWorthIt = logs.count < concurrency * 2
      let ranges =
        isWorthIt
        ? (try? LogParts.ranges(path: log.file.storage, count: concurrency)) ?? [] : []
      guard ranges.count > 1 else {
        add(.lines(0..<Int.max, isWhole: true), order: 0)
        continue
      }
      if identifies { add(.digest, order: ranges.count) }
      for (order, range) in ranges.enumerated() {
        add(.lines(range, isWhole: false), order: order)
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
      take(parts.sorted { $0.order < $1.order }, of: files[next])
      next += 1
    }
  }

  private mutating func take(_ parts: [SummaryPartResult], of file: InputFile) {
    if let failure = parts.compactMap(\.failure).first { return fail(file, failure) }
    if let other = parts.compactMap(\.summary).first { return take(other, of: file) }
    var result = AccessLogResult(options: summary.result.options)
    var lines = 0
    for part in parts {
      guard var more = part.result else { continue }
      more.shiftLines(by: lines)
      lines += part.lineCount
      result.merge(more)
    }
    if let contents = parts.compactMap(\.contents).first {
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
