import Foundation
import Testing

@Suite struct HelpTests {
  static let commands = [
    "", "audit", "gate", "evaluate", "access", "explain", "rules", "rules list", "rules show",
    "rules test",
    "rules new", "register", "register check", "report", "history", "evidence", "evidence verify",
    "evidence keygen", "query",
  ]

  @Test(arguments: commands) func helpEndsWithAnExample(command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    let result = try await MeshAuditProgram.run(words + ["--help"])
    expectExit(0, result)
    #expect(result.errors.isEmpty)
    let last = try #require(result.output.components(separatedBy: "\n\n").last)
    #expect(last.hasPrefix("Example:\n  meshaudit "), "\(last)")
    #expect(last.contains("meshaudit \(words.first ?? "audit") "), "\(last)")
    #expect(result.output.components(separatedBy: "Example:").count == 2)
  }

  @Test func everySubcommandHasItsHelpTested() async throws {
    let result = try await MeshAuditProgram.run(["--help"])
    let listed = result.output.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
    for line in listed.split(separator: "\n")
    where line.hasPrefix("  ") && line.dropFirst(2).first != " " {
      let name = line.split(separator: " ")[0]
      guard !line.contains("See '"), name != "meshaudit" else { continue }
      #expect(Self.commands.contains(String(name)), "\(name)")
    }
  }

  @Test func versionIsOneLine() async throws {
    let result = try await MeshAuditProgram.run(["--version"])
    expectExit(0, result)
    #expect(result.lines.count == 1)
  }

  /// An example that does not run is worse than none.
  @Test(arguments: [
    "access samples/istio-agents --to agents/planner",
    "explain samples/istio-agents --from agents/planner --to tools/browser --port 8080 --method GET --path /v1/search",
    "evaluate samples/istio-agents --format table --requests samples/policy-tests/requests.yaml",
    "rules list --format json", "rules show LP-001", "rules test --rule LP-001",
    "register check samples/istio-agents",
  ])
  func exampleRuns(line: String) async throws {
    let result = try await MeshAuditProgram.run(line.split(separator: " ").map(String.init))
    expectExit(0, result)
    #expect(!result.output.isEmpty)
    #expect(result.errors.isEmpty, "\(result.errors)")
  }
}
