import AccessAnalysis
import AccessLogReader
package import AuditModel
import AuditStore
import CertificateReader
import Foundation
import ManifestReader
import MeshModel
import RegisterReader
import ReportTemplates
import Reporting
import RuleEngine

/// What a run came to and what it left behind.
package struct AuditOutcome: Sendable {
  package var report: AuditReport
  package var verdict: Verdict
  /// Paths of the written files, in the order of writing.
  package var files: [String]
}

/// The main job: ingest, decide, check, render.
package struct AuditRun {
  let options: AuditOptions
  let progress: any RunProgress

  package init(options: AuditOptions, progress: any RunProgress = SilentProgress()) {
    self.options = options
    self.progress = progress
  }

  /// Runs the audit; nothing of the output folder changes when it fails.
  package func run() async throws(PipelineError) -> AuditOutcome {
    umask(0o077)
    let startedAt = UTCTime.now
    let catalog = try RuleCatalog.runnable(directory: options.rulesDirectory)
    var selection = options
    selection.skipRules += GateRules.ofChange.filter {
      catalog.rule($0) != nil && !options.onlyRules.contains($0)
    }
    let selected = try selection.selection(in: catalog)
    let baseline = try options.baseline.map { path throws(PipelineError) in
      try BaselineFile.read(path)
    }
    let workspace = try Workspace(database: options.database)
    let standardInput = options.paths.contains("-") ? try StandardInput() : nil
    defer { withExtendedLifetime(standardInput) { progress.end() } }

    let reading = InputReading(
      concurrency: Machine.concurrency, progress: progress,
      certificateColumns: try certificateColumns())
    var read = await reading.read(options.paths, standardInput: standardInput?.path)
    let access = AccessModel(
      inventory: read.inventory,
      options: AccessOptions(
        istioVersion: options.istioVersion, linkerdVersion: options.linkerdVersion))
    var logOptions = AccessLogOptions()
    logOptions.formats = try LogFormats.formats(of: access, declared: options.logFormats)
    logOptions.unknownAddress = try options.addresses.unknownAddress(byDefault: .omit)
    if case .pseudonym(let names) = logOptions.unknownAddress {
      read.diagnostics.append(
        Diagnostic(
          code: "address-pseudonyms", severity: .note,
          message:
            "client addresses that no manifest knows are pseudonyms under the key \"\(names.keyID)\"",
          hint: "the same key gives the same names in other runs; without it nobody can undo them"))
    }
    reading.settleCandidates(formats: logOptions.formats, in: &read)
    let logs = try await LogReading(
      concurrency: Machine.concurrency, options: logOptions,
      directory: access.trafficDirectory(), progress: progress, asOf: options.asOf ?? startedAt
    ).read(read.logs, into: workspace.store)
    let observations = try ObservationReading(
      directory: access.trafficDirectory(), scrapeTime: options.asOf ?? startedAt
    ).read(read.observations, into: workspace.store)
    read.inputs = (read.inputs + logs.inputs + observations.inputs).sorted { $0.path < $1.path }
    read.diagnostics += logs.diagnostics

    progress.begin("deciding", total: 1)
    let observed: [(id: Int64, key: ObservedRequestKey)]
    do throws(StoreError) {
      observed = try workspace.store.trafficKeys()
    } catch {
      throw PipelineError(error)
    }
    var facts = try FactsGathering(read: read, access: access)
      .facts(traffic: observed, asOf: options.asOf ?? startedAt)
    facts.metricSamples = observations.samples
    facts.pairCoverage = logs.pairs
    progress.advance()

    progress.begin("checking", total: 1)
    let run = RunStart(
      key: runKey(read.inputs, catalog: catalog), asOf: options.asOf ?? startedAt,
      startedAt: options.asOf ?? startedAt, toolVersion: Version.current,
      rulesDigest: catalog.digest, cluster: options.cluster)
    let runID: RunID
    do throws(StoreError) {
      runID = try workspace.store.begin(run, facts: facts)
    } catch {
      throw PipelineError(error)
    }
    let needs = facts.availableNeeds
    // The store has them now, and rules and reports ask the store.
    facts.certificates = []
    let builder = BackgroundBuilder(
      facts: facts, store: workspace.store, asOf: run.asOf)
    async let background = Result { () throws(PipelineError) in try builder.background() }
    var findings = try await evaluate(
      selected, needs: needs, run: run, baseline: baseline, workspace: workspace)
    try age(&findings, store: workspace.store, asOf: run.asOf)
    if let baseline {
      let scope = Set(facts.workloads.map(\.workload.id.namespace))
      findings = BaselineComparison(baseline: baseline, findings: findings, scope: scope)
        .marking(findings)
    }
    progress.advance()

    let report = ReportBuilder(
      options: options, run: run, sequence: runID.sequence, facts: facts, access: access,
      catalog: selected, knownRules: catalog.ruleNames, waivers: read.waivers,
      background: try await background.get()
    ).report(of: findings)
    let verdict = report.verdict(minimumCoverage: options.minimumCoverage)
    progress.begin("writing", total: 1)
    let output = OutputWriter(options: options)
    let store = workspace.store
    async let added = Result { () throws(StoreError) in
      try store.addResults(runID, report: report, snapshot: ReportSnapshot(report))
    }
    let staged = try await output.stage(report, verdict: verdict)
    do {
      try await added.get()
      try store.finish(
        runID, report: report, verdict: verdict, keptReports: options.keptReports)
      if let days = options.keptTrafficDays {
        try store.dropTraffic(before: run.asOf.adding(days: -days))
      }
      try store.checkpoint()
    } catch {
      throw PipelineError(error)
    }
    let files = try output.place(staged)
    progress.advance()
    return AuditOutcome(report: report, verdict: verdict, files: files)
  }

  private func certificateColumns() throws(PipelineError) -> CertificateColumns {
    var columns = CertificateColumns()
    for (heading, name) in options.certificateColumns.sorted(by: { $0.key < $1.key })
    where !columns.declare(heading, as: name) {
      throw PipelineError(
        .usage, "the column \"\(heading)\" cannot be \"\(name)\"",
        hint: "columns of certificates: \(CertificateColumns.names.joined(separator: ", "))")
    }
    return columns
  }

  private func evaluate(
    _ catalog: RuleCatalog, needs: Set<InputNeed>, run: RunStart, baseline: Baseline?,
    workspace: Workspace
  ) async throws(PipelineError) -> [Finding] {
    var parameters = options.ruleParameters
    if let moment = baseline?.asOf, parameters["LP-054"]?["baseline_time"] == nil {
      parameters["LP-054", default: [:]]["baseline_time"] = .string(moment.text)
    }
    let path = workspace.store.path
    do throws(RuleEngineError) {
      return try await RuleEvaluation.evaluate(
        catalog, availableNeeds: needs,
        settings: .init(
          asOf: run.asOf, parameters: parameters,
          severities: options.severityOverrides),
        limit: Machine.concurrency, hash: Digest.sha256
      ) { footprints throws(RuleEngineError) in
        try RuleRunner(
          databasePath: path, views: View.columnsByName, footprints: footprints)
      }
    } catch {
      throw PipelineError(error)
    }
  }

  /// Adds since when each failure is there.
  private func age(_ findings: inout [Finding], store: AuditStore, asOf: UTCTime)
    throws(PipelineError)
  {
    let firstSeen: [String: UTCTime]
    do throws(StoreError) {
      firstSeen = try store.firstSeen()
    } catch {
      throw PipelineError(error)
    }
    for index in findings.indices
    where findings[index].status == .fail || findings[index].status == .waived {
      findings[index].firstSeen = firstSeen[findings[index].fingerprint] ?? asOf
    }
  }

  /// The same inputs, rules and clock give the same key.
  private func runKey(_ inputs: [InputRecord], catalog: RuleCatalog) -> String {
    var text = "\(options.asOf?.text ?? "")\n\(catalog.digest)\n\(Version.current)\n"
    for input in inputs { text += "\(input.kind) \(input.digest)\n" }
    return "run-" + String(Digest.sha256(Array(text.utf8)).prefix(16))
  }
}

/// The database of a run: the user's, under its lock, or a temporary one that goes with the run.
final class Workspace {
  let store: AuditStore
  private let lock: RunLock?
  private let temporaryFolder: String?

  init(database: String?) throws(PipelineError) {
    do {
      if let database {
        lock = try RunLock(database: database)
        temporaryFolder = nil
        store = try AuditStore(path: database)
      } else {
        let folder = try Workspace.makeTemporaryFolder()
        lock = nil
        temporaryFolder = folder
        store = try AuditStore(path: folder + "/audit.sqlite", isTemporary: true)
      }
    } catch {
      throw PipelineError(error)
    }
  }

  /// A temporary database that begins as a copy of another, whose log is folded into it.
  init(copyOf database: String) throws(PipelineError) {
    do {
      let folder = try Workspace.makeTemporaryFolder()
      temporaryFolder = folder
      lock = nil
      let path = folder + "/audit.sqlite"
      try FileManager.default.copyItem(atPath: database, toPath: path)
      store = try AuditStore(path: path, isTemporary: true)
    } catch {
      throw PipelineError(error)
    }
  }

  private static func makeTemporaryFolder() throws(PipelineError) -> String {
    let folder = NSTemporaryDirectory() + "meshaudit-" + UUID().uuidString
    try AtomicFile.makeFolder(folder)
    return folder
  }

  deinit {
    if let temporaryFolder { try? FileManager.default.removeItem(atPath: temporaryFolder) }
  }
}

enum Machine {
  static var concurrency: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }
}

extension UTCTime {
  /// The present moment in whole seconds: the only place that reads the clock.
  static var now: UTCTime { UTCTime(seconds: Int64(Date().timeIntervalSince1970)) }
}

/// The version of this program.
package enum Version {
  package static let current = "0.1.0"
}

extension RunFacts {
  /// The kinds of input that were given and read.
  var availableNeeds: Set<InputNeed> {
    var needs: Set<InputNeed> = []
    if !inventory.resources.isEmpty { needs.insert(.manifests) }
    if certificates.recordCount > 0 { needs.insert(.certificates) }
    if hasTraffic { needs.insert(.accessLogs) }
    if register != nil { needs.insert(.register) }
    if !externalDecisions.isEmpty { needs.insert(.opaDecisions) }
    if hasCounters || !metricSamples.isEmpty { needs.insert(.metrics) }
    if change != nil { needs.insert(.baseline) }
    return needs
  }
}
