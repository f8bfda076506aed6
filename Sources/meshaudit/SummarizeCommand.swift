import ArgumentParser
import AuditPipeline
import Foundation
import MeshModel

/// `meshaudit summarize`: a mergeable summary of traffic.
struct SummarizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summarize",
    abstract: "A mergeable traffic summary of access logs, for fleets and distributed engines.",
    discussion: """
      Each node summarises its own logs, and one machine merges the summaries (summarize) or audits \
      them (audit). docs/traffic-summary.md describes the format.

      Exit codes: 0 all was read, 2 something was not (the summary says so), 64 usage, 70 failed.

      Example:
        meshaudit summarize samples/istio-agents --manifests samples/istio-agents --out traffic.jsonl.gz
      """)

  @Argument(help: "Access logs, summaries, or folders of them; `-` is standard input.")
  var logs: [String]

  @Option(
    help: "The summary to write: JSON Lines, gzip when it ends in .gz; `-` is standard output.")
  var out: String

  @Option(
    parsing: .upToNextOption, help: "Manifests that say whose addresses and identities these are.")
  var manifests: [String] = []

  @Option(name: .customLong("log-format"), help: "A proxy's format string; may be repeated.")
  var logFormats: [String] = []

  @OptionGroup var clients: AddressOptions

  @Flag(
    inversion: .prefixedNo,
    help: "Identify each log by a digest of its contents, so that none is counted twice.")
  var digests = true

  @Flag(
    inversion: .prefixedNo,
    help: "Keep lines that may have been logged by both proxies, so that audit can join them.")
  var pairs = true

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  func run() async throws {
    var options = SummarizeOptions()
    options.paths = logs
    options.manifests = manifests
    options.output = out
    options.logFormats = logFormats
    options.addresses.treatment = clients.addresses
    options.addresses.keyPath = clients.addressKey
    options.identifies = digests
    options.keepsPairs = pairs
    let draws = !quiet && Console.isTerminal(STDERR_FILENO)
    let reporter: any RunProgress = draws ? TerminalProgress() : SilentProgress()
    let outcome = try await Summarize(options: options, progress: reporter).run()
    for diagnostic in outcome.diagnostics where !quiet || diagnostic.severity == .error {
      Console.note(diagnostic.description)
    }
    if let bytes = outcome.bytes { Console.output(bytes) }
    if outcome.logCount + outcome.knownCount == 0 {
      Console.error("no access log was found", hint: "name logs, or folders that hold some")
    } else if !quiet {
      Console.note(text(outcome))
    }
    throw ExitCode(outcome.isComplete ? 0 : 2)
  }

  private func text(_ outcome: SummarizeOutcome) -> String {
    var text =
      "\(CountedNoun.text(outcome.logCount, "log")), \(CountedNoun.text(outcome.linesRead, "line")) read, "
      + "\(outcome.linesNotRead) not read, \(CountedNoun.text(outcome.recordCount, "record"))"
    if outcome.knownCount > 0 { text += "; \(outcome.knownCount) counted already" }
    if outcome.failedCount > 0 { text += "; \(outcome.failedCount) not read" }
    if out != "-" { text += "; wrote \(out)" }
    return text
  }
}
