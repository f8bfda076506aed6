import AuditModel
import Foundation
import MeshModel
import RuleEngine

/// `meshaudit rules test`: every example of every rule goes through the whole pipeline.
package enum RuleTests {
  package struct Result: Sendable {
    package var ruleCount: Int
    package var exampleCount: Int
    /// One sentence each.
    package var mismatches: [String]

    package var summary: String {
      let outcome = mismatches.isEmpty ? "all as expected" : "\(mismatches.count) mismatches"
      return "rules: \(ruleCount) rules, \(exampleCount) examples, \(outcome)"
    }
  }

  /// The moment that every example is judged at, so that certificates in examples never expire.
  static let asOf = UTCTime(year: 2026, month: 11, day: 20, hour: 6)

  package static func run(directory: String?, ids: [String]) async throws(PipelineError) -> Result {
    let catalog = RulePackLoader.load(files: try RuleFiles.load(directory: directory))
    var mismatches = catalog.diagnostics.filter { $0.severity == .error }.map(\.description)
    let wanted = Set(try ids.checked(in: catalog))
    let examples = catalog.rules.filter { wanted.isEmpty || wanted.contains($0.id) }
      .flatMap { catalog.examples[$0.id] ?? [] }
    let folder = NSTemporaryDirectory() + "meshaudit-rules-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (index, example) in examples.enumerated() {
      let findings = try await audit(
        example, folder: "\(folder)/\(index)", rulesDirectory: directory)
      mismatches += example.check(findings: findings).map { "\(example.ruleID)/\($0)" }
    }
    return Result(
      ruleCount: Set(examples.map(\.ruleID)).count, exampleCount: examples.count,
      mismatches: mismatches)
  }

  private static func audit(_ example: RuleExample, folder: String, rulesDirectory: String?)
    async throws(PipelineError) -> [Finding]
  {
    var options = AuditOptions()
    options.paths = [folder]
    options.onlyRules = [example.ruleID]
    options.output = nil
    options.rulesDirectory = rulesDirectory
    if !example.earlierRuns.isEmpty { options.database = "\(folder).sqlite" }
    for run in example.earlierRuns {
      try place(run.files, in: folder)
      options.asOf = run.asOf
      _ = try await AuditRun(options: options).run()
    }
    try place(example.files, in: folder)
    if example.isChange {
      return try await gate(example, folder: folder, rulesDirectory: rulesDirectory)
    }
    options.asOf = asOf
    options.ruleParameters = try parameters(of: example, folder: folder)
    return try await AuditRun(options: options).run().report.findings
  }

  /// The parameters that the `meshaudit.yaml` of an example gives to rules; what else it says is no part of
  /// the example.
  private static func parameters(of example: RuleExample, folder: String) throws(PipelineError)
    -> [String: [String: JSONValue]]
  {
    let name = AuditConfiguration.defaultPath
    guard example.files.contains(where: { $0.path == name }) else { return [:] }
    return try AuditConfiguration.load(path: "\(folder)/\(name)")?.options.ruleParameters ?? [:]
  }

  /// Makes `files` all that there is in the folder.
  private static func place(_ files: [EmbeddedFile], in folder: String) throws(PipelineError) {
    try? FileManager.default.removeItem(atPath: folder)
    for file in files {
      let path = "\(folder)/\(file.path)"
      try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
      try AtomicFile.write(file.bytes, to: path)
    }
  }

  /// An example with the folders `base` and `head` is a change; what lies beside them belongs to both.
  private static func gate(_ example: RuleExample, folder: String, rulesDirectory: String?)
    async throws(PipelineError) -> [Finding]
  {
    var options = GateOptions(base: "\(folder)/base", head: "\(folder)/head")
    let others = Set(example.files.compactMap { $0.path.split(separator: "/").first })
      .subtracting(["base", "head"])
    options.paths = others.sorted().map { "\(folder)/\($0)" }
    options.asOf = asOf
    options.onlyRules = [example.ruleID]
    options.rulesDirectory = rulesDirectory
    return try await GateRun(options: options).run().findings
  }
}

extension [String] {
  fileprivate func checked(in catalog: RuleCatalog) throws(PipelineError) -> [String] {
    var ids: [String] = []
    for name in self {
      guard let rule = catalog.rule(name) else {
        throw PipelineError(
          .usage, "there is no rule \"\(name)\"", hint: "`meshaudit rules list` lists them")
      }
      ids.append(rule.id)
    }
    return ids
  }
}
