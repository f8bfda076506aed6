import Foundation
import Testing

/// What `access`, `explain` and `suggest` print on the samples, line by line; the gate's is in
/// `samples/gate-example/expected`.
///
/// `UPDATE_GOLDEN=1` writes the expected files anew.
@Suite struct CommandGoldenTests {
  struct Case: CustomTestStringConvertible {
    var file: String
    var command: String

    var testDescription: String { file }
  }

  static let cases = [
    Case(file: "access-to.txt", command: "access samples/istio-agents --to agents/planner"),
    Case(
      file: "access-unauthenticated.csv",
      command: "access samples/istio-agents --only unauthenticated --format csv"),
    Case(
      file: "access-external.json",
      command: "access samples/mixed-mesh --only external --format json"),
    Case(
      file: "access-cross-tenant.txt",
      command: "access samples/istio-agents --only cross-tenant --denied"),
    Case(
      file: "access-cross-namespace.dot",
      command: "access samples/linkerd-agents --only cross-namespace --to models/ --format dot"),
    Case(
      file: "access-transitive.txt",
      command: "access samples/istio-agents --from gateways/ingressgateway --transitive 4"),
    Case(
      file: "explain-istio.txt",
      command: "explain samples/istio-agents --from agents/planner --to tools/browser --port 8080 "
        + "--method GET --path /v1/search"),
    Case(
      file: "explain-linkerd.txt",
      command: "explain samples/linkerd-agents --from oversight/audit-console --to agents/planner "
        + "--port 8080 --method GET --path /v1/decisions"),
    Case(
      file: "explain-network-policy.txt",
      command: "explain samples/mixed-mesh --from agents/planner --to models/model-server "
        + "--port 8080 --method POST --path /v1/chat"),
    Case(
      file: "suggest-istio.yaml",
      command: "suggest samples/istio-agents --workload agents/planner"),
    Case(
      file: "suggest-linkerd.yaml",
      command: "suggest samples/linkerd-agents --workload agents/planner"),
    Case(
      file: "suggest-merge.diff",
      command: "suggest samples/istio-agents --workload agents/ --merge"),
  ]

  @Test(arguments: cases) func printsAsBefore(_ example: Case) async throws {
    let result = try await MeshAuditProgram.run(
      example.command.split(separator: " ").map(String.init))
    expectExit(0, result)
    // What is said beside the output is part of what a user reads.
    let text = "$ meshaudit \(example.command)\n\(result.output)\(result.errors)"
    let url = URL(
      fileURLWithPath:
        "\(MeshAuditProgram.checkout)/samples/expected/commands/\(example.file)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    #expect(try text == String(contentsOf: url, encoding: .utf8), "\(example.file) has changed")
  }
}
