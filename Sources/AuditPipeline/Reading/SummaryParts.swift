import AccessLogReader
import AuditModel
import Crypto
import MeshModel

/// One piece of work of `meshaudit summarize`: a log, a part of one, its digest, or a summary.
struct SummaryPart: Sendable {
  enum Work: Sendable {
    /// Lines of a part, and the digest of the contents when `isWhole`.
    case lines(Range<Int>, isWhole: Bool)
    /// The digest alone, for a log whose lines are read in parts.
    case digest
    case summary
  }

  /// Index of the log.
  var log: Int
  /// Place among the parts of the log.
  var order: Int
  var file: InputFile
  var work: Work
}

/// What came of a piece of work.
struct SummaryPartResult: Sendable {
  var log: Int
  var order: Int
  var result: AccessLogResult?
  var summary: TrafficSummary?
  var lineCount = 0
  /// Contents up to the end of all, and of the last complete line.
  var contents: (whole: TrafficSummary.Content, complete: TrafficSummary.Content)?
  var failure: String?

  /// - Parameter identifies: whether the digest of the contents is wanted.
  static func of(
    _ part: SummaryPart, options: AccessLogOptions, directory: TrafficDirectory, identifies: Bool
  ) -> SummaryPartResult {
    var result = SummaryPartResult(log: part.log, order: part.order)
    do throws(SourceFile.Failure) {
      switch part.work {
      case .lines(let range, let isWhole):
        let scanner = AccessLogScanner(
          options: options, directory: directory, path: part.file.path,
          owner: AccessLogOwner.owner(of: part.file.path, in: directory),
          isContinuation: range.lowerBound > 0)
        try result.read(part.file, range, scanner, digests: isWhole && identifies)
      case .digest: try result.digest(part.file)
      case .summary: try result.readSummary(part.file)
      }
    } catch {
      result.failure = error.reason
    }
    return result
  }

  private mutating func read(
    _ file: InputFile, _ range: Range<Int>, _ scanner: consuming AccessLogScanner, digests: Bool
  ) throws(SourceFile.Failure) {
    let source = try SourceFile(path: file.storage, range: range)
    // A part within the file is plain, whatever it starts with.
    var decoder = ContentDecoder(limits: InflateLimits(), isPlain: range.lowerBound > 0)
    var digest = CountedPrefix([:])
    while decoder.problem == nil, let block = try source.next() {
      decoder.decode(block) { decoded in
        if digests { digest.take(decoded, consume: { _ in }, restart: {}) }
        scanner.consume(decoded)
      }
    }
    decoder.finish()
    lineCount = scanner.lineNumber
    let read = scanner.finish()
    if let problem = decoder.problem {
      failure = problem
      return
    }
    result = read
    if digests { contents = SummaryPartResult.contents(digest) }
  }

  private mutating func digest(_ file: InputFile) throws(SourceFile.Failure) {
    let source = try SourceFile(path: file.storage)
    var digest = CountedPrefix([:])
    while let block = try source.next() { digest.take(block, consume: { _ in }, restart: {}) }
    contents = SummaryPartResult.contents(digest)
  }

  private mutating func readSummary(_ file: InputFile) throws(SourceFile.Failure) {
    let source = try SourceFile(path: file.storage)
    var decoder = ContentDecoder(limits: InflateLimits())
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
