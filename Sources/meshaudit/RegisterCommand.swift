import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

/// `meshaudit register`: the AI system register.
struct RegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Check the AI system register.",
    discussion: """
      Example:
        meshaudit register check samples/istio-agents
      """,
    subcommands: [Check.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validate a register, and its selectors against the manifests when they are given.",
      discussion: """
        Example:
          meshaudit register check samples/istio-agents
        """)

    @Argument(help: "The register, and files and folders with manifests.")
    var paths: [String]

    func run() async throws {
      let result = try await RegisterCheck(paths: paths).run()
      for diagnostic in result.diagnostics {
        Console.note(diagnostic.description)
      }
      Console.output(result.table, as: .table)
      throw ExitCode(result.isValid ? 0 : 2)
    }
  }
}
