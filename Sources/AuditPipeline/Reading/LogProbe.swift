import AccessLogReader
import MeshModel

/// Finds the access logs and summaries below paths, by their first bytes.
struct LogProbe: Sendable {
  var logs: [LogInput] = []
  var diagnostics: [Diagnostic] = []
  /// Files that were named and are no log, or cannot be read.
  var failedCount = 0

  private enum Kind: Sendable {
    case log(String)
    /// Nothing in it, so that there is no traffic to miss.
    case empty
    case other(String)
    case failed(String)
  }

  /// - Parameter output: left out, for the summary of last night is no input of tonight's.
  static func logs(
    below paths: [String], standardInput: String?, besides output: String,
    formats: [AccessLogFormat], concurrency: Int
  ) async -> LogProbe {
    let found = InputDiscovery.files(below: paths, standardInput: standardInput)
    let target = InputDiscovery.files(below: [output]).files.map(\.path)
    var result = LogProbe()
    for failure in found.failures { result.fail(failure.path, failure.reason) }
    var kinds: [(file: InputFile, kind: Kind)] = []
    await forEachConcurrently(
      found.files.filter { !target.contains($0.path) }, limit: concurrency
    ) { file in
      (file: file, kind: kind(of: file, formats: formats))
    } receive: {
      kinds.append($0)
    }
    kinds.sort { $0.file.path < $1.file.path }
    var otherCount = 0
    for (file, kind) in kinds {
      switch kind {
      case .log(let format): result.logs.append(LogInput(file: file, format: format))
      case .failed(let reason): result.fail(file.path, reason)
      case .empty: break
      case .other(let reason) where file.isExplicit: result.fail(file.path, reason)
      case .other: otherCount += 1
      }
    }
    if otherCount > 0 {
      result.diagnostics.append(
        Diagnostic(
          code: "other-files", severity: .note,
          message: "\(otherCount) other files in the folders were left out"))
    }
    return result
  }

  private mutating func fail(_ path: String, _ reason: String) {
    failedCount += 1
    diagnostics.append(
      Diagnostic(
        code: "unreadable-input", severity: .error,
        message: "\"\(path)\" was not read: \(reason)", location: SourceLocation(path: path)))
  }

  private static func kind(of file: InputFile, formats: [AccessLogFormat]) -> Kind {
    var prefix: [UInt8] = []
    var isWhole = true
    var decoder = ContentDecoder(limits: InflateLimits())
    do throws(SourceFile.Failure) {
      let source = try SourceFile(path: file.storage)
      while ContentPrefix.count(of: prefix) == nil, decoder.problem == nil,
        let block = try source.next()
      {
        decoder.decode(block) { decoded in
          if prefix.count < ContentPrefix.most { prefix.append(contentsOf: decoded) }
        }
      }
      let count = ContentPrefix.count(of: prefix)
      isWhole = source.byteCount == source.size && count == nil
      prefix = Array(prefix.prefix(count ?? prefix.count))
    } catch {
      return .failed(error.reason)
    }
    if isWhole { decoder.finish() }
    if prefix.isEmpty { return decoder.problem.map(Kind.failed) ?? .empty }
    switch ContentKind.of(prefix, isWhole: isWhole) {
    case .accessLog(let format): return .log(format)
    case .lines, .unknown, .documents, .evidence:
      if let format = AccessLogSniffer.format(of: prefix, isWhole: isWhole, formats: formats) {
        return .log(format)
      }
      // What is left of a cut file may look like anything.
      if let problem = decoder.problem { return .failed(problem) }
      return .other("it is no access log and no traffic summary")
    case .empty: return .empty
    case .certificates: return .other("it holds certificates")
    case .decisionLog: return .other("it is the decision log of an authorizer")
    case .metrics: return .other("it holds metrics; give it to audit")
    case .traces: return .other("it holds traces; give it to audit")
    }
  }
}
