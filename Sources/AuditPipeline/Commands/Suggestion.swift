import AccessAnalysis
import AccessLogReader
import AuditModel
import AuditStore
import DocumentReader
import Foundation
import ManifestReader
package import MeshModel
import Reporting

/// `meshaudit suggest`: policies that grant what was observed, proven by replay.
package struct Suggestion {
  /// A policy as a file.
  package struct File: Sendable {
    package var name: String
    package var text: String
  }

  package struct Result: Sendable {
    package var files: [File]
    /// What was proven, and what nothing is suggested for, one sentence each.
    package var notes: [String]
    package var diagnostics: [Diagnostic]
  }

  /// Manifests, and access logs where there is no database.
  package var paths: [String] = []
  package var database: String?
  /// `namespace/name`, or a namespace with a slash behind it; nil for all.
  package var workload: String?
  package var istioVersion: String?
  package var linkerdVersion: String?
  /// One difference against the manifests in place of a file for each workload.
  package var isMerged = false
  package var logFormats: [String] = []

  package init() {}

  package func run() async throws(PipelineError) -> Result {
    var inputs = try await ManifestInputs(
      paths: paths.isEmpty ? try recordedPaths() : paths,
      options: AccessOptions(istioVersion: istioVersion, linkerdVersion: linkerdVersion))
    let traffic = try await traffic(&inputs)
    let names = WorkloadNames(known: inputs.access.workloads.map(\.workload.id.description))
    let wanted = try workload.map { text throws(PipelineError) in
      text.hasSuffix("/") ? try names.all(text) : [try names.one(text)]
    }
    let found = SuggestedPolicies(traffic, model: inputs.access) { id in
      wanted?.contains(id.description) ?? true
    }
    var refusals = found.refusals
    let proven = try prove(found.policies, refusals: &refusals, inputs: inputs, traffic: traffic)
    var notes = refusals.map { "nothing is suggested for \($0.workload): \($0.reason)" }
    if proven.isEmpty, refusals.isEmpty {
      notes.append(
        "nothing is suggested: no request to \(workload ?? "a workload of a mesh") was observed")
    }
    notes += proof(proven, inputs: inputs, traffic: traffic)
    var files = proven.map {
      File(
        name: "\($0.workload.namespace)_\($0.workload.name).yaml", text: SuggestionYAML.text($0))
    }
    if isMerged {
      let merge = try SuggestionMerge(proven, inventory: inputs.access.inventory)
      files = [File(name: "suggestion.diff", text: try merge.diff())]
      notes += merge.notes
    }
    return Result(files: files, notes: notes, diagnostics: inputs.errors)
  }

  // MARK: Inputs

  /// The manifests of the database's current run, when they are still what they were.
  private func recordedPaths() throws(PipelineError) -> [String] {
    guard let database else {
      throw PipelineError(
        .usage, "no paths were given", hint: "name the manifests, and --database or access logs")
    }
    let table = try ViewQuery.run(
      """
      select path, sha256 from input
      where kind like '%manifest%' or kind like '%configuration%' order by path
      """, database: database)
    var paths: [String] = []
    for row in table.rows {
      guard let path = row[0].stringValue, let digest = row[1].stringValue else { continue }
      let current = (try? WholeFile.read(path))?.sha256
      guard current == digest else {
        throw PipelineError(
          .usage,
          current == nil
            ? "the manifest \"\(path)\" of the last run cannot be read"
            : "the manifest \"\(path)\" has changed since the last run",
          hint: "name the manifests on the command line, or audit them again")
      }
      paths.append(path)
    }
    guard !paths.isEmpty else {
      throw PipelineError(.usage, "\"\(database)\" records no manifests", hint: "name them")
    }
    return paths
  }

  private func traffic(_ inputs: inout ManifestInputs) async throws(PipelineError)
    -> [ObservedTraffic]
  {
    if let database {
      let store = try StoredRuns.open(database)
      do throws(StoreError) {
        return try store.traffic()
      } catch {
        throw PipelineError(error)
      }
    }
    var options = AccessLogOptions()
    options.formats = try LogFormats.formats(of: inputs.access, declared: logFormats)
    InputReading(concurrency: Machine.concurrency, progress: SilentProgress())
      .settleCandidates(formats: options.formats, in: &inputs.read)
    guard !inputs.read.logs.isEmpty || !inputs.read.observations.isEmpty else {
      throw PipelineError(
        .usage, "no access logs and no database were given",
        hint: "without observed requests nothing can be suggested")
    }
    let workspace = try Workspace(database: nil)
    let outcome = try await LogReading(
      concurrency: Machine.concurrency, options: options,
      directory: inputs.access.trafficDirectory(), progress: SilentProgress()
    ).read(inputs.read.logs, into: workspace.store)
    inputs.read.diagnostics += outcome.diagnostics
    _ = try ObservationReading(
      directory: inputs.access.trafficDirectory(), scrapeTime: UTCTime.now
    ).read(inputs.read.observations, into: workspace.store)
    do throws(StoreError) {
      return try workspace.store.traffic()
    } catch {
      throw PipelineError(error)
    }
  }

  // MARK: Proof

  /// The mesh with the policies as their own text is read.
  private func applied(_ policies: [SuggestedPolicy], to access: AccessModel)
    throws(PipelineError) -> AccessModel
  {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for policy in policies {
      let text = SuggestionYAML.text(policy)
      for node in YAMLDocuments.read(text, path: policy.name, into: sink) { reader.read(node) }
    }
    let read = reader.finish()
    guard sink.errorCount == 0,
      Set(read.resources.map(\.metadata.reference)) == Set(policies.flatMap(\.written))
    else {
      throw PipelineError(.failed, "a suggested policy cannot be read back")
    }
    return AccessModel(
      inventory: SuggestedPolicies.applied(policies, read: read, to: access.inventory),
      options: AccessOptions(istioVersion: istioVersion, linkerdVersion: linkerdVersion))
  }

  /// Leaves out what would refuse an observed request or open anything, until nothing does.
  private func prove(
    _ policies: [SuggestedPolicy], refusals: inout [SuggestedPolicies.Refusal],
    inputs: ManifestInputs, traffic: [ObservedTraffic]
  ) throws(PipelineError) -> [SuggestedPolicy] {
    var left = policies
    while !left.isEmpty {
      let head = try applied(left, to: inputs.access)
      let replay = Replay(traffic, from: inputs.access, to: head)
      let diff = AccessDiff(from: inputs.access, to: head)
      var bad: [WorkloadID: String] = [:]
      for line in replay.lines {
        switch line.effect {
        case .breaks: bad[line.destination] = "it would refuse \(line.operation)"
        case .unknown: bad[line.destination] = "it cannot be proven for \(line.operation)"
        case .opens: bad[line.destination] = "it would open \(line.operation)"
        case .same, .unexplained: continue
        }
      }
      for change in diff.changes where !change.opened.isEmpty || change.kind == .unknown {
        for destination in change.destinations where bad[destination.workload] == nil {
          bad[destination.workload] =
            "it cannot be proven that it opens nothing beside the present policies"
        }
      }
      let failed = left.filter { bad[$0.workload] != nil }
      guard !failed.isEmpty else { return left }
      refusals += failed.map {
        SuggestedPolicies.Refusal(workload: $0.workload, reason: bad[$0.workload] ?? "")
      }
      left.removeAll { bad[$0.workload] != nil }
    }
    return left
  }

  private func proof(
    _ policies: [SuggestedPolicy], inputs: ManifestInputs, traffic: [ObservedTraffic]
  ) -> [String] {
    guard !policies.isEmpty, let head = try? applied(policies, to: inputs.access) else { return [] }
    let replay = Replay(traffic, from: inputs.access, to: head)
    let diff = AccessDiff(from: inputs.access, to: head)
    let total = replay.requestCounts.values.reduce(0, +)
    let closed = diff.changes.map(\.pairCount).reduce(0, +)
    var notes = [
      "proven by replay: of \(total) observed requests none that is allowed today is refused",
      "proven by comparison: nothing opens; \(closed) \(closed == 1 ? "edge" : "edges") of the access graph close or narrow",
    ]
    let workloads = Set(policies.map(\.workload))
    let replaced = Set(policies.flatMap(\.replaced))
    let broader = inputs.access.policyFacts().filter { fact in
      fact.action == .allow && !fact.isDryRun && !fact.rules.isEmpty && fact.layer != .networkPolicy
        && !replaced.contains(fact.policy) && fact.attachedTo.contains(where: workloads.contains)
    }
    notes += broader.map {
      "\($0.policy.text) is not of one workload alone and stays; what it grants is not narrowed"
    }
    return notes
  }
}

extension Suggestion {
  /// Returns the paths of the files.
  package static func write(_ files: [File], to folder: String) throws(PipelineError) -> [String] {
    try AtomicFile.makeFolder(folder)
    var paths: [String] = []
    for file in files where !file.text.isEmpty {
      let path = folder.hasSuffix("/") ? folder + file.name : "\(folder)/\(file.name)"
      try AtomicFile.write(Array(file.text.utf8), to: path, mode: 0o644)
      paths.append(path)
    }
    return paths
  }
}
