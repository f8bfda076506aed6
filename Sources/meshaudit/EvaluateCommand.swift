import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

/// `meshaudit evaluate`: decisions for explicit requests; with expectations, policy unit tests.
struct EvaluateCommand: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case table
    case junit
  }

  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Decide explicit requests; with \"expect\" they are policy unit tests.",
    discussion: """
      Requests are JSON objects, one a line, or a YAML list (docs/policy-tests.md). Exit codes: 0 all as \
      expected, 1 a mismatch, 2 an input could not be read.

      Example:
        meshaudit evaluate samples/istio-agents --format table \\
          --requests samples/policy-tests/requests.yaml
      """)

  @Argument(help: "Files and folders with manifests.")
  var paths: [String]

  @Option(help: "File with requests; `-` is standard input.")
  var requests: String

  @Option(help: "jsonl, table or junit.")
  var format = Format.jsonl

  @OptionGroup var releases: ReleaseOptions

  @Flag(inversion: .prefixedNo, help: "Print the trace of each decision (jsonl).")
  var trace = true

  func run() async throws {
    let result = try await RequestEvaluation(
      paths: paths, requests: requests, istioVersion: releases.istioVersion,
      linkerdVersion: releases.linkerdVersion, isTraced: trace && format == .jsonl
    ).run()
    for diagnostic in result.diagnostics { Console.note(diagnostic.description) }
    switch format {
    case .jsonl: Console.output(result.jsonLines)
    case .table: Console.output(result.table)
    case .junit: Console.output(try result.junit())
    }
    if !result.mismatches.isEmpty {
      for mismatch in result.mismatches { Console.note(mismatch) }
    }
    throw ExitCode(result.exitCode)
  }
}
