import AccessAnalysis
import AccessLogReader
import AuditModel
import Foundation
package import MeshModel

/// What `meshaudit summarize` was asked to do.
package struct SummarizeOptions: Sendable {
  package var paths: [String] = []
  /// Manifests to resolve the traffic against; empty: `audit` resolves what it can.
  package var manifests: [String] = []
  /// `-` is standard output.
  package var output = ""
  package var logFormats: [String] = []
  /// Without a treatment: keep without manifests, so that they can be resolved later, and omit with them.
  package var addresses = ClientAddresses()
  /// Whether each log is identified by a digest, so that none is counted twice.
  package var identifies = true
  /// Whether lines are kept whose other side's line another log may have.
  package var keepsPairs = true

  package init() {}
}

/// What `meshaudit summarize` came to.
package struct SummarizeOutcome: Sendable {
  package var diagnostics: [Diagnostic] = []
  package var logCount = 0
  package var knownCount = 0
  package var failedCount = 0
  package var linesRead = 0
  package var linesNotRead = 0
  package var recordCount = 0
  /// The summary itself, when it goes to standard output.
  package var bytes: [UInt8]?

  /// Whether everything that was named was read.
  package var isComplete: Bool {
    failedCount == 0 && logCount > 0 && !diagnostics.contains { $0.severity == .error }
  }
}

/// `meshaudit summarize`: makes a traffic summary of access logs, or one of several summaries.
package struct Summarize {
  private let options: SummarizeOptions
  private let progress: any RunProgress

  package init(options: SummarizeOptions, progress: any RunProgress = SilentProgress()) {
    self.options = options
    self.progress = progress
  }

  package func run() async throws(PipelineError) -> SummarizeOutcome {
    umask(0o077)
    guard !(options.paths.contains("-") && options.manifests.contains("-")) else {
      throw PipelineError(.usage, "standard input can be a log or manifests, not both")
    }
    var outcome = SummarizeOutcome()
    let mesh = try await readMesh()
    HeapMemory.returnFree()
    outcome.diagnostics += mesh.diagnostics
    let directory = mesh.directory
    var logOptions = AccessLogOptions()
    logOptions.formats = mesh.formats
    logOptions.unknownAddress = try options.addresses.unknownAddress(
      byDefault: options.manifests.isEmpty ? .keep : .omit)
    if !options.keepsPairs { logOptions.pairLimit = 0 }
    let standardInput = options.paths.contains("-") ? try StandardInput() : nil
    defer { withExtendedLifetime(standardInput) { progress.end() } }

    let probes = await LogProbe.logs(
      below: options.paths, standardInput: standardInput?.path, besides: options.output,
      formats: logOptions.formats, concurrency: Machine.concurrency)
    outcome.diagnostics += probes.diagnostics
    outcome.failedCount = probes.failedCount
    var collector = SummaryCollector(
      options: logOptions, identifies: options.identifies,
      failedInputCount: probes.failedCount)
    let plan = SummaryCollector.plan(
      probes.logs, concurrency: Machine.concurrency, identifies: options.identifies)
    collector.expect(plan, files: probes.logs.map(\.file))
    progress.begin("access logs", total: plan.count)
    let identifies = options.identifies
    await forEachConcurrently(plan, limit: Machine.concurrency) { [directory, logOptions] part in
      SummaryPartResult.of(
        part, options: logOptions, directory: directory, identifies: identifies)
    } receive: { result in
      collector.take(result)
      progress.advance()
    }
    let summary = collector.summary
    outcome.diagnostics += summary.result.diagnostics + collector.diagnostics
    outcome.logCount = collector.countedCount
    outcome.knownCount = collector.knownCount
    outcome.failedCount = summary.failedInputCount
    let counts = summary.result.counts
    outcome.linesRead = counts.read
    outcome.linesNotRead = counts.ambiguous + counts.rejected + counts.tooLong
    outcome.recordCount = summary.result.requests.count
    guard collector.countedCount + collector.knownCount > 0 else { return outcome }
    try write(summary, into: &outcome)
    return outcome
  }

  /// What the manifests tell of the logs; they themselves are let go, for they would be in memory as long
  /// as logs are read.
  private func readMesh() async throws(PipelineError) -> (
    directory: TrafficDirectory, formats: [AccessLogFormat], diagnostics: [Diagnostic]
  ) {
    guard !options.manifests.isEmpty else {
      let access = AccessModel(inventory: MeshInventory())
      return (
        TrafficDirectory(), try LogFormats.formats(of: access, declared: options.logFormats), []
      )
    }
    let inputs = try await ManifestInputs(paths: options.manifests)
    return (
      inputs.access.trafficDirectory(),
      try LogFormats.formats(of: inputs.access, declared: options.logFormats), inputs.errors
    )
  }

  private func write(_ summary: TrafficSummary, into outcome: inout SummarizeOutcome)
    throws(PipelineError)
  {
    if options.output == "-" {
      outcome.bytes = summary.bytes
    } else if options.output.hasSuffix(".gz") {
      guard let bytes = summary.gzipBytes else {
        throw PipelineError(.failed, "there is no memory to compress the summary")
      }
      try AtomicFile.write(bytes, to: options.output)
    } else {
      let file = try StagedFile(for: options.output)
      summary.write { file.append($0) }
      _ = try file.finish()
      try file.place()
    }
  }
}
