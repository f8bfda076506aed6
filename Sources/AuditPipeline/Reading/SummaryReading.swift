import AccessLogReader
import AuditModel
import AuditStore
import Crypto
import MeshModel

extension ParsedLog {
  /// Reads a traffic summary in place of a log, and resolves what it could not without manifests.
  mutating func readSummary(
    _ log: LogInput, options: AccessLogOptions, directory: TrafficDirectory
  ) throws(SourceFile.Failure) {
    record.kind = TrafficSummary.formatName
    let file = try SourceFile(path: log.file.storage)
    var digest = SHA256()
    var contents = ContentDigest()
    var reader = TrafficSummaryReader()
    var decoder = ContentDecoder(limits: .streamed)
    while let block = try file.next() {
      digest.update(bufferPointer: block)
      decoder.decode(block) { decoded in
        contents.update(decoded)
        reader.consume(decoded)
      }
      guard decoder.problem == nil else { break }
    }
    decoder.finish()
    record.byteCount = file.byteCount
    record.sha256 = Digest.hex(digest.finalize())
    content = (contents.hex, contents.byteCount)
    if let problem = decoder.problem {
      fail("\(problem); nothing of it was counted")
      return
    }
    do throws(TrafficSummaryError) {
      take(try reader.finish(), options: options, directory: directory)
    } catch {
      fail("\(error.message); nothing of it was counted")
    }
  }

  private mutating func take(
    _ summary: TrafficSummary, options: AccessLogOptions, directory: TrafficDirectory
  ) {
    var summary = summary
    summary.result.options.unknownAddress = options.unknownAddress
    summary.result = summary.result.resolved(in: directory)
    let counts = summary.result.counts
    record.recordCount = counts.read
    record.rejectedCount = counts.rejected + counts.ambiguous + counts.tooLong
    record.firstTime = summary.result.firstSeen
    record.lastTime = summary.result.lastSeen
    if summary.failedInputCount > 0 {
      record.status = .partial
      let count = summary.failedInputCount
      record.reason =
        "\(count) \(count == 1 ? "log" : "logs") could not be read when the summary was made"
    } else if record.rejectedCount > 0 {
      record.reason = ParsedLog.reason(counts)
      if record.rejectedCount * 100 > counts.lines { record.status = .partial }
    } else if !summary.isIdentified {
      record.reason = "it does not tell its logs, so that they could be counted twice unseen"
    }
    self.summary = summary
    isComplete = true
  }

  /// Notes what the store made of the summary.
  mutating func take(_ outcome: AuditStore.SummaryOutcome) {
    switch outcome {
    case .counted: break
    case .known:
      record.status = .known
      record.reason = "its contents were counted before"
    case .overlapping(let count):
      fail(
        "\(count) of its logs \(count == 1 ? "was" : "were") counted before and others were not; "
          + "nothing of it was counted")
    }
  }
}
