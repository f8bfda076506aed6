import AccessLogReader
import AuditModel
import MeshModel

/// One piece of work of `meshaudit summarize`: a log, a thread's share of one, or a summary.
struct SummaryPart: Sendable {
  enum Work: Sendable {
    case lines
    /// As many segments of a large log as one thread gets hold of.
    case segments(SegmentedLog)
    case summary
  }

  /// Index of the log.
  var log: Int
  var file: InputFile
  var work: Work
}

/// What came of a piece of work.
struct SummaryPartResult: Sendable {
  var log: Int
  var result: AccessLogResult?
  var summary: TrafficSummary?
  /// One thread's share of a log in segments.
  var segments: (log: SegmentedLog, part: SegmentedLog.Part)?
  /// Contents up to the end of all, and of the last complete line.
  var contents: (whole: TrafficSummary.Content, complete: TrafficSummary.Content)?
  var failure: String?
  /// That the log grew meanwhile.
  var grown: Diagnostic?

  /// - Parameter identifies: whether the digest of the contents is wanted.
  static func of(
    _ part: SummaryPart, options: AccessLogOptions, directory: TrafficDirectory, identifies: Bool
  ) -> SummaryPartResult {
    var result = SummaryPartResult(log: part.log)
    func scanner() -> AccessLogScanner {
      AccessLogScanner(
        options: options, directory: directory, path: part.file.path,
        owner: AccessLogOwner.owner(of: part.file.path, in: directory))
    }
    do throws(SourceFile.Failure) {
      switch part.work {
      case .lines: try result.read(part.file, scanner(), digests: identifies)
      case .segments(let log): result.segments = (log, try log.read(scanner()))
      case .summary: try result.readSummary(part.file)
      }
    } catch {
      result.failure = error.reason
    }
    return result
  }

  private mutating func read(
    _ file: InputFile, _ scanner: consuming AccessLogScanner, digests: Bool
  ) throws(SourceFile.Failure) {
    let source = try SourceFile(path: file.storage)
    var decoder = ContentDecoder(limits: .streamed, isLog: true)
    var digest = CountedPrefix([:])
    var isAtEnd = false
    while !isAtEnd, decoder.problem == nil {
      let block = try source.next()
      isAtEnd = block == nil
      decoder.decode(orFinish: block) { decoded in
        if digests { digest.take(decoded, consume: { _ in }, restart: {}) }
        scanner.consume(decoded)
      }
    }
    let read = scanner.finish()
    if let problem = decoder.problem ?? read.problem {
      failure = problem
      return
    }
    result = read
    if digests { contents = SummaryPartResult.contents(digest) }
    let lineEnd = read.counts.unterminated > 0 ? contents?.complete : contents?.whole
    grown = GrownFile.note(
      path: file.path, counted: decoder.isPlain ? lineEnd?.byteCount ?? source.size : source.size,
      size: source.size, now: source.currentSize)
  }

  private mutating func readSummary(_ file: InputFile) throws(SourceFile.Failure) {
    let source = try SourceFile(path: file.storage)
    var decoder = ContentDecoder(limits: .streamed)
    var reader = TrafficSummaryReader()
    while decoder.problem == nil, let block = try source.next() {
      decoder.decode(block) { reader.consume($0) }
    }
    decoder.finish()
    if let problem = decoder.problem {
      failure = problem
      return
    }
    do throws(TrafficSummaryError) {
      summary = try reader.finish()
    } catch {
      failure = error.message
    }
  }

  private static func contents(_ digest: CountedPrefix) -> (
    whole: TrafficSummary.Content, complete: TrafficSummary.Content
  ) {
    let whole = digest.contents(toLineEnd: false)
    let complete = digest.contents(toLineEnd: true)
    return (
      .init(digest: whole.digest, byteCount: whole.byteCount),
      .init(digest: complete.digest, byteCount: complete.byteCount)
    )
  }
}
