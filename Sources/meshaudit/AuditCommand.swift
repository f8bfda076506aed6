import ArgumentParser
import AuditModel
import AuditPipeline
import Foundation
import MeshModel
import Reporting

/// `meshaudit audit`: the main job.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Ingest, decide, check and render: the main job.",
    discussion: """
      Files are recognised by content: manifests (YAML, JSON, lists, Helm output), certificates, \
      access logs (plain or gzip), a register, waivers. `-` is standard input.

      Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not be fully assessed, 64 usage, \
      70 the run itself failed, 75 another run holds the lock.

      Example:
        meshaudit audit samples/istio-agents --as-of 2026-11-20T06:00:00Z
      """)

  @Argument(help: "Files and folders to read; `-` is standard input.")
  var paths: [String] = []

  @Option(help: "Options from a file; default meshaudit.yaml when it is there.")
  var config: String?

  @Option(
    name: .customLong("as-of"),
    help:
      "The moment that the audit speaks of (RFC 3339); the same inputs then give the same bytes.")
  var asOf: TimeArgument?

  @Option(help: "Fail from this severity on: critical, high, medium, low, info or none.")
  var failOn: GateArgument?

  @Option(help: "The share of the selected rules, in per cent, that must be assessed.")
  var minimumCoverage: Double?

  @Flag(help: "Exit 0 instead of 1, for report-only jobs; 2 stays 2.")
  var exitZero = false

  @Option(name: .customLong("pack"), help: "Only the rules of this pack; may be repeated.")
  var packs: [String] = []

  @Option(name: .customLong("rule"), help: "Only this rule; may be repeated.")
  var rules: [String] = []

  @Option(name: .customLong("skip-rule"), help: "Leave this rule out; may be repeated.")
  var skipRules: [String] = []

  @Option(
    name: .customLong("rules"), help: "Read rule packs from this folder, not from the binary.")
  var rulesDirectory: String?

  @Option(help: "Folder for the reports.")
  var output: String?

  @Option(
    name: .customLong("format"),
    help: "Only this report format; may be repeated: html, junit, json, sarif, csv, markdown.")
  var formats: [ReportFormat] = []

  @Option(help: "How JUnit XML is written: common or strict.")
  var junitDialect: ReportOptions.JUnitDialect?

  @Option(help: "Keep runs, traffic and the lives of findings in this file.")
  var database: String?

  @Option(help: "A findings.json of an earlier run: only what is new against it fails the gate.")
  var baseline: String?

  @Option(help: "Name of the cluster, for the reports.")
  var cluster: String?

  @Option(help: "Istio's release; without it, what the manifests show.")
  var istioVersion: String?

  @Option(help: "Linkerd's release; without it, what the manifests show.")
  var linkerdVersion: String?

  @Option(
    help: "Format string of Envoy access logs that no manifest declares; may be repeated.")
  var logFormat: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a column of a certificate inventory in CSV holds; may be repeated.",
      valueName: "heading=name"))
  var certificateColumn: [String] = []

  @OptionGroup var clients: AddressOptions

  @Option(help: "Earlier runs whose reports the database keeps.")
  var keepRuns: Int?

  @Option(help: "Days of traffic that the database keeps; default all.")
  var keepTrafficDays: Int?

  @Option(help: "PEM file with the private key that signs the evidence (see evidence keygen).")
  var signingKey: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @Option(help: "Draw progress on standard error: auto, always or never.")
  var progress: ProgressArgument?

  func validate() throws {
    if let minimumCoverage, !(0...100).contains(minimumCoverage) {
      throw ValidationError("--minimum-coverage is a share in per cent, from 0 to 100")
    }
  }

  func run() async throws {
    let configuration = try AuditConfiguration.load(path: config)
    let options = merged(with: configuration)
    guard !options.paths.isEmpty else {
      throw PipelineError(
        .usage, "no paths were given",
        hint: "name files or folders, for example samples/istio-agents")
    }
    let isQuiet = quiet || configuration?.isQuiet == true
    let drawing =
      progress ?? configuration?.progress.flatMap { ProgressArgument(rawValue: $0) } ?? .auto
    let draws =
      drawing == .always
      || (drawing == .auto && !isQuiet && Console.isTerminal(STDERR_FILENO))
    let reporter: any RunProgress = draws ? TerminalProgress() : SilentProgress()
    let outcome = try await AuditRun(options: options, progress: reporter).run()
    if !isQuiet { print(outcome, options: options) }
    let code = outcome.verdict.exitCode
    throw ExitCode((exitZero || configuration?.exitZero == true) && code == 1 ? 0 : code)
  }

  private func print(_ outcome: AuditOutcome, options: AuditOptions) {
    for diagnostic in outcome.report.diagnostics where diagnostic.severity == .error {
      Console.note(diagnostic.description)
    }
    let summary = TerminalSummary(
      usesColour: Console.usesColour(STDOUT_FILENO),
      width: Console.isTerminal(STDOUT_FILENO) ? Console.width : 120)
    Console.output(summary.text(of: outcome.report, minimumCoverage: options.minimumCoverage))
    for file in outcome.files { Console.output("wrote \(file)\n") }
  }

  /// The command line over the file over the defaults.
  private func merged(with configuration: AuditConfiguration?) -> AuditOptions {
    var options = configuration?.options ?? AuditOptions()
    if !paths.isEmpty { options.paths = paths }
    if let asOf { options.asOf = asOf.time }
    if let failOn { options.failOn = failOn.severity }
    if let minimumCoverage { options.minimumCoverage = minimumCoverage / 100 }
    if !packs.isEmpty { options.packs = packs }
    if !rules.isEmpty { options.onlyRules = rules }
    options.skipRules += skipRules
    if let rulesDirectory { options.rulesDirectory = rulesDirectory }
    if let output { options.output = output }
    if !formats.isEmpty { options.formats = formats }
    if let junitDialect { options.junitDialect = junitDialect }
    if let database { options.database = database }
    if let baseline { options.baseline = baseline }
    if let cluster { options.cluster = cluster }
    if let istioVersion { options.istioVersion = istioVersion }
    if let linkerdVersion { options.linkerdVersion = linkerdVersion }
    if !logFormat.isEmpty { options.logFormats = logFormat }
    for column in certificateColumn {
      let end = column.lastIndex(of: "=") ?? column.endIndex
      options.certificateColumns[String(column[..<end])] = String(column[end...].dropFirst())
    }
    if let addresses = clients.addresses { options.addresses.treatment = addresses }
    if let key = clients.addressKey { options.addresses.keyPath = key }
    if let keepRuns { options.keptReports = keepRuns }
    if let keepTrafficDays { options.keptTrafficDays = keepTrafficDays }
    if let signingKey { options.signingKey = signingKey }
    options.arguments = CommandLineArguments.kept(Array(CommandLine.arguments.dropFirst()))
    return options
  }
}
