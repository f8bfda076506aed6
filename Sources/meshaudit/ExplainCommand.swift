import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

/// `meshaudit explain`: the ordered trace of one decision.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "The way to one decision, step by step, with the place of each policy.",
    discussion: """
      Example:
        meshaudit explain samples/istio-agents --from agents/planner \\
          --to tools/browser --port 8080 --method GET --path /v1/search
      """)

  @Argument(help: "Files and folders with manifests.")
  var paths: [String]

  @Option(help: "Calling workload, `namespace/name`; or an identity (spiffe://…).")
  var from: String?

  @Option(help: "Called workload, `namespace/name`; or an address outside the cluster.")
  var to: String

  @Option(help: "Container port.")
  var port: Int?

  @Option(help: "HTTP method.")
  var method: String?

  @Option(help: "HTTP path.")
  var path: String?

  @Option(help: "HTTP host.")
  var host: String?

  @Option(name: .customLong("header"), help: "A header, `name: value`; may be repeated.")
  var headers: [String] = []

  @Option(help: "Server name of the TLS hello.")
  var sni: String?

  @Option(
    name: .customLong("protocol"), help: "http, grpc or tcp; default http with a method or path.")
  var applicationProtocol: ApplicationProtocol?

  @OptionGroup var releases: ReleaseOptions

  func run() async throws {
    let explanation = try await Explanation(
      paths: paths, from: from, to: to, port: port, method: method, path: path, host: host,
      headers: headers, sni: sni, applicationProtocol: applicationProtocol,
      istioVersion: releases.istioVersion, linkerdVersion: releases.linkerdVersion
    ).run()
    for diagnostic in explanation.diagnostics {
      Console.note(diagnostic.description)
    }
    Console.output(TerminalText.safe(explanation.text))
    throw ExitCode(explanation.diagnostics.isEmpty ? 0 : 2)
  }
}
