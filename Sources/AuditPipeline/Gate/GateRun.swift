import AccessAnalysis
import AccessLogReader
package import AuditModel
import AuditStore
import Foundation
package import MeshModel
package import Reporting
import RuleEngine

/// `meshaudit gate`: what a change of configuration does to access, to real traffic and to findings.
package struct GateRun {
  package struct Result: Sendable {
    package var report: GateReport
    /// What the rules say of the head, passes among it.
    package var findings: [Finding]
    package var diagnostics: [Diagnostic]
  }

  private let options: GateOptions

  package init(options: GateOptions) { self.options = options }

  package func run() async throws(PipelineError) -> Result {
    umask(0o077)
    let asOf = options.asOf ?? UTCTime.now
    let catalog = try RuleCatalog.runnable(directory: options.rulesDirectory)
    var selection = AuditOptions()
    selection.packs = options.packs
    selection.onlyRules = options.onlyRules
    selection.skipRules = options.skipRules
    selection.skipRules += GateRules.ofRunningMesh.filter { catalog.rule($0) != nil }
    let selected = try selection.selection(in: catalog).adding(
      GateRules.ofChange.subtracting(options.skipRules), from: catalog)
    let origin = try GateOrigin(options)
    let standardInput = options.paths.contains("-") ? try StandardInput() : nil
    defer { withExtendedLifetime((origin, standardInput)) {} }

    let reading = InputReading(concurrency: Machine.concurrency, progress: SilentProgress())
    func read(_ path: String) async -> ReadInputs {
      await reading.read([path] + options.paths, standardInput: standardInput?.path)
    }
    var (base, head) = await sides(await read(origin.path), await read(options.head))
    // Both sides begin with the same requests.
    let workspace = try Workspace(database: nil)
    let traffic = try await traffic(&base, &head, reading: reading, into: workspace.store)
    do throws(StoreError) {
      try workspace.store.checkpoint()
    } catch {
      throw PipelineError(error)
    }
    let requests = workspace.store.path
    let changes = GateChanges(
      from: base, to: head, traffic: traffic, origin: origin, conditions: options.conditions)
    head.change = changes.facts
    let knownRules = Set(catalog.rules.map(\.id))
    let digest = catalog.digest
    (base, head) = try await checked(base, head) { side throws(PipelineError) in
      try side.check(
        selected, knownRules: knownRules, requests: requests, asOf: asOf, rulesDigest: digest)
    }
    withExtendedLifetime(workspace) {}
    let builder = GateReportBuilder(
      options: options, origin: origin, base: base, head: head, catalog: selected,
      changes: changes, asOf: asOf)
    return Result(
      report: builder.report(), findings: head.findings, diagnostics: builder.errors)
  }

  /// The model and the graph of both sides at once.
  private func sides(_ base: ReadInputs, _ head: ReadInputs) async -> (GateSide, GateSide) {
    func side(_ read: ReadInputs) async -> GateSide { GateSide(read, options: options) }
    async let first = side(base)
    async let second = side(head)
    return await (first, second)
  }

  /// Both sides at once: each has a store and a connection of its own.
  private func checked(
    _ base: GateSide, _ head: GateSide,
    by check: @escaping @Sendable (inout GateSide) throws(PipelineError) -> Void
  ) async throws(PipelineError) -> (GateSide, GateSide) {
    func run(_ side: GateSide) async -> Swift.Result<GateSide, PipelineError> {
      var side = side
      do throws(PipelineError) {
        try check(&side)
      } catch {
        return .failure(error)
      }
      return .success(side)
    }
    async let first = run(base)
    async let second = run(head)
    let (left, right) = await (first, second)
    return (try left.get(), try right.get())
  }

  /// What was observed, also in `requests`: nil when neither logs nor a database were given.
  private func traffic(
    _ base: inout GateSide, _ head: inout GateSide, reading: InputReading,
    into requests: AuditStore
  ) async throws(PipelineError) -> [ObservedTraffic]? {
    var logOptions = AccessLogOptions()
    logOptions.formats = try LogFormats.formats(of: base.access, declared: options.logFormats)
    for format in try LogFormats.formats(of: head.access, declared: [])
    where !logOptions.formats.contains(format) {
      logOptions.formats.append(format)
    }
    reading.settleCandidates(formats: logOptions.formats, in: &base.read)
    reading.settleCandidates(formats: logOptions.formats, in: &head.read)
    if let database = options.database {
      let store = try StoredRuns.open(database)
      do throws(StoreError) {
        let traffic = try store.traffic()
        let sums = Dictionary(traffic.map { ($0.key, $0.sum) }) { first, _ in first }
        _ = try requests.addTraffic(sums, contentDigest: "gate", byteCount: 0, path: "")
        return traffic
      } catch {
        throw PipelineError(error)
      }
    }
    // Logs that belong to both sides are found twice.
    var seen: Set<String> = []
    let logs = (base.read.logs + head.read.logs).filter {
      seen.insert(URL(fileURLWithPath: $0.file.storage).standardizedFileURL.path).inserted
    }
    let observations = (base.read.observations + head.read.observations).filter {
      seen.insert(URL(fileURLWithPath: $0.record.path).standardizedFileURL.path).inserted
    }
    guard !logs.isEmpty || !observations.isEmpty else { return nil }
    // The base is what ran when the lines were written.
    let outcome = try await LogReading(
      concurrency: Machine.concurrency, options: logOptions,
      directory: base.access.trafficDirectory(), progress: SilentProgress()
    ).read(logs, into: requests)
    head.read.inputs += outcome.inputs
    head.read.diagnostics += outcome.diagnostics
    head.read.inputs += try ObservationReading(
      directory: base.access.trafficDirectory(), scrapeTime: options.asOf ?? UTCTime.now
    ).read(observations, into: requests).inputs
    do throws(StoreError) {
      return try requests.traffic()
    } catch {
      throw PipelineError(error)
    }
  }
}

/// Where the base comes from.
struct GateOrigin {
  /// What is read.
  let path: String
  /// Nil for a file or folder.
  let revision: GitRevision?
  private let base: String
  private let head: String

  init(_ options: GateOptions) throws(PipelineError) {
    base = options.base
    head = options.head
    switch FileKind.of(options.head) {
    case .file, .folder: break
    case .missing, .unreadable, .other:
      throw PipelineError(.usage, "the head \"\(options.head)\" cannot be read")
    }
    switch FileKind.of(options.base) {
    case .file, .folder:
      path = options.base
      revision = nil
    case .missing:
      let found = try GitRevision(options.base, of: options.head)
      path = found.path(of: options.head)
      revision = found
    case .unreadable, .other:
      throw PipelineError(.usage, "the base \"\(options.base)\" cannot be read")
    }
  }

  /// A place in the base as reports name it.
  func named(_ location: SourceLocation) -> SourceLocation {
    guard let revision, let inside = GateOrigin.inside(location.path, revision.folder) else {
      return location
    }
    var location = location
    location.path = "\(revision.name):\(inside)"
    return location
  }

  /// The file of the head that corresponds to a place in the base, when it is there.
  func inHead(_ location: SourceLocation) -> SourceLocation? {
    guard let inside = GateOrigin.inside(location.path, path) else { return nil }
    let candidate: String
    if inside.isEmpty {
      candidate = head
    } else {
      candidate = head.hasSuffix("/") ? head + inside : "\(head)/\(inside)"
    }
    guard case .file = FileKind.of(candidate) else { return nil }
    return SourceLocation(path: candidate)
  }

  private static func inside(_ path: String, _ root: String) -> String? {
    if path == root { return "" }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }
}
