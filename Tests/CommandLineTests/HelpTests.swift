import Foundation
import Testing

@Suite struct HelpTests {
  @Test func everyHelpEndsWithAnExample() async throws {
    var waiting: [[String]] = [[]]
    var count = 0
    while let words = waiting.popLast() {
      count += 1
      let result = try await MeshAuditProgram.run(words + ["--help"])
      expectExit(0, result)
      #expect(result.errors.isEmpty)
      let last = try #require(result.output.components(separatedBy: "\n\n").last)
      #expect(last.hasPrefix("Example:\n  meshaudit "), "\(words): \(last)")
      #expect(last.contains("meshaudit \(words.first ?? "audit") "), "\(words): \(last)")
      #expect(result.output.components(separatedBy: "Example:").count == 2, "\(words)")
      waiting += Self.subcommands(result.output).map { words + [$0] }
    }
    // Every subcommand was asked, those of subcommands as well.
    #expect(count >= 18)
  }

  /// The names below "SUBCOMMANDS:", two columns from the left.
  private static func subcommands(_ help: String) -> [String] {
    let parts = help.components(separatedBy: "SUBCOMMANDS:\n")
    guard parts.count == 2 else { return [] }
    let list = parts[1].components(separatedBy: "\n\n")[0]
    return list.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  "), line.dropFirst(2).first?.isLetter == true else { return nil }
      return line.split(separator: " ").first.map(String.init)
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
