import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

extension GateFormat: ExpressibleByArgument {}

/// `meshaudit gate`: what a change does, and whether it may pass.
struct GateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "What a change opens, closes and breaks, and whether it may pass.",
    discussion: """
      Compares two states of the configuration: who may call what, what becomes of the requests that \
      were observed, and which findings are new. --base is a file, a folder, or a revision of the git \
      work tree that holds --head.

      Conditions: opens, new-unauthenticated, breaks-observed, unknown, new-findings:SEVERITY, none.

      Exit codes: 0 passed, 1 a condition is met, 2 could not be fully assessed, 64 usage, 70 the run \
      itself failed.

      Example:
        meshaudit gate --base samples/gate-example/base --head samples/gate-example/head \\
          samples/gate-example/logs --as-of 2026-11-20T06:00:00Z
      """)

  @Option(help: "Before the change: a file, a folder, or a git revision.")
  var base: String

  @Option(help: "After the change: a file or a folder.")
  var head: String

  @Argument(help: "Inputs of both sides: access logs, pods, certificates, a register, waivers.")
  var paths: [String] = []

  @Option(help: "Replay the requests that this database keeps, instead of access logs.")
  var database: String?

  @Option(
    help:
      "Conditions that fail the gate, by commas; default new-unauthenticated,breaks-observed,new-findings:high."
  )
  var failOn: String?

  @Option(
    name: .customLong("as-of"),
    help: "The moment that the gate speaks of (RFC 3339); the same inputs then give the same bytes."
  )
  var asOf: TimeArgument?

  @Option(help: "What is printed: text, junit, sarif, markdown or json.")
  var format = GateFormat.text

  @Option(help: "Also write all formats into this folder.")
  var output: String?

  @Option(name: .customLong("pack"), help: "Only the rules of this pack; may be repeated.")
  var packs: [String] = []

  @Option(name: .customLong("rule"), help: "Only this rule; may be repeated.")
  var rules: [String] = []

  @Option(name: .customLong("skip-rule"), help: "Leave this rule out; may be repeated.")
  var skipRules: [String] = []

  @Option(
    name: .customLong("rules"), help: "Read rule packs from this folder, not from the binary.")
  var rulesDirectory: String?

  @Option(name: .customLong("log-format"), help: "A log format of the proxies; may be repeated.")
  var logFormats: [String] = []

  @Option(help: "Istio's release; without it, what the manifests show.")
  var istioVersion: String?

  @Option(help: "Linkerd's release; without it, what the manifests show.")
  var linkerdVersion: String?

  @Flag(help: "Exit 0 instead of 1, for report-only jobs; 2 stays 2.")
  var exitZero = false

  func run() async throws {
    var options = GateOptions(base: base, head: head)
    options.paths = paths
    options.database = database
    options.failOn = try failOn.map { try GateCondition.list($0) }
    options.asOf = asOf?.time
    options.packs = packs
    options.onlyRules = rules
    options.skipRules = skipRules
    options.rulesDirectory = rulesDirectory
    options.logFormats = logFormats
    options.istioVersion = istioVersion
    options.linkerdVersion = linkerdVersion
    let result = try await GateRun(options: options).run()
    for diagnostic in result.diagnostics { Console.note(TerminalText.safe(diagnostic.description)) }
    if let output {
      for file in try GateOutput.write(result.report, to: output) { Console.note("wrote \(file)") }
    }
    Console.output(try format.render(result.report))
    let code = result.report.exitCode
    throw ExitCode(exitZero && code == 1 ? 0 : code)
  }
}
