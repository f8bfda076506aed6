import ArgumentParser
import AuditPipeline
import Foundation

/// The command line: parses options, prints, exits.
///
/// All work is done in `AuditPipeline`.
@main
struct MeshAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meshaudit",
    abstract: "Exact, offline compliance audit of service meshes that carry AI agents.",
    discussion: """
      Reads Istio, Linkerd and Kubernetes configuration, certificates, access logs and an AI system \
      register; computes who may call what; compares that with what was called; checks rules; and \
      renders reports.

      Example:
        meshaudit audit samples/istio-agents --as-of 2026-11-20T06:00:00Z
      """,
    version: Version.current,
    subcommands: [
      AuditCommand.self, GateCommand.self, EvaluateCommand.self, AccessCommand.self,
      ExplainCommand.self,
      SuggestCommand.self, SummarizeCommand.self, SQLCommand.self,
      RulesCommand.self, RegisterCommand.self, ReportCommand.self, HistoryCommand.self,
      EvidenceCommand.self, QueryCommand.self, DocsCommand.self,
    ])

  static func main() async {
    // A closed pipe and a full file system are errors to handle, not reasons to die without a word.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Console.occupyStandardDescriptors()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as PipelineError {
      // Errors are caught here, all of them: an uncaught one would print what it holds.
      Console.error(error.message, hint: error.hint)
      Foundation.exit(error.code.exitCode)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let code = exitCode(for: error)
      if code.isSuccess {
        Console.output(HelpText.endingWithExample(fullMessage(for: error)) + "\n")
      } else {
        Console.usageError(fullMessage(for: error))
      }
      Foundation.exit(code.rawValue)
    }
  }
}
