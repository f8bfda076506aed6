import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

/// `meshaudit suggest`: tighter policies out of what was observed.
struct SuggestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Least-privilege policies from observed requests, proven by replay.",
    discussion: """
      Writes policies for each workload: who called which operation. For Istio an AuthorizationPolicy, \
      in ambient mode by caller and port, or at the waypoint of its services; for Linkerd a Server with \
      its authorizations, and routes where they narrow. Each is replayed: it refuses nothing that was \
      observed and is allowed today, and opens nothing. Where this cannot be proven nothing is \
      suggested, and the reason is printed.

      --merge prints one difference against the manifests that were given, as `git apply` takes it.

      Example:
        meshaudit suggest samples/linkerd-agents --merge
      """)

  @Argument(help: "Manifests, and access logs without --database; default: those of the last run.")
  var paths: [String] = []

  @Option(help: "Take the observed requests from this database.")
  var database: String?

  @Option(help: "Only this workload, `namespace/name`; `namespace/` for all of a namespace.")
  var workload: String?

  @Option(help: "Write one file for each workload into this folder.")
  var out: String?

  @Flag(help: "A difference against the manifests, in place of whole files.")
  var merge = false

  @Option(name: .customLong("log-format"), help: "A log format of the proxies; may be repeated.")
  var logFormats: [String] = []

  @Option(help: "Istio's release; without it, what the manifests show.")
  var istioVersion: String?

  @Option(help: "Linkerd's release; without it, what the manifests show.")
  var linkerdVersion: String?

  func run() async throws {
    var suggestion = Suggestion()
    suggestion.paths = paths
    suggestion.database = database
    suggestion.workload = workload
    suggestion.logFormats = logFormats
    suggestion.istioVersion = istioVersion
    suggestion.linkerdVersion = linkerdVersion
    suggestion.isMerged = merge
    let result = try await suggestion.run()
    for diagnostic in result.diagnostics { Console.note(TerminalText.safe(diagnostic.description)) }
    if let out {
      for path in try Suggestion.write(result.files, to: out) { Console.note("wrote \(path)") }
    } else {
      Console.output(result.files.map(\.text).joined(separator: "---\n"))
    }
    for note in result.notes { Console.note(TerminalText.safe(note)) }
    throw ExitCode(result.diagnostics.isEmpty ? 0 : 2)
  }
}
