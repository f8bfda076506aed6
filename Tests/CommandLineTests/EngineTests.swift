import Foundation
import Testing

/// DuckDB for Python, where it is installed.
private enum DuckDB {
  static let python = MeshAuditProgram.checkout + "/.build/engines/bin/python"

  static let isInstalled: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\"$0\" -c 'import duckdb' 2>/dev/null", python]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

/// The query of `meshaudit sql` on a real engine, where one is installed (`scripts/engines duckdb`).
@Suite(.enabled(if: DuckDB.isInstalled, "needs duckdb for Python: scripts/engines duckdb"))
struct EngineTests {
  /// Real lines of both sides, as files and as OpenTelemetry's table: the rows of the engine give the
  /// records of the log itself, byte for byte.
  @Test func duckDBGivesTheRecordsOfTheLogs() async throws {
    let scratch = try Scratch()
    let result = try await MeshAuditProgram.shell(
      """
      for side in server client; do
        gzip -dc '\(MeshAuditProgram.checkout)'/Tests/Data/access-logs/$side.istio.json.log.gz > $side.jsonl
      done
      '\(DuckDB.python)' '\(MeshAuditProgram.checkout)'/scripts/check-engines "$MESHAUDIT" \
        server.jsonl client.jsonl --engines duckdb
      """, in: scratch.path, seconds: 240)
    expectExit(0, result)
    #expect(result.lines.count == 4, "\(result.output)")
    #expect(result.lines.allSatisfy { $0.hasSuffix("the same") }, "\(result.output)")
  }
}
