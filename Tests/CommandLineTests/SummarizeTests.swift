import Foundation
import Testing

/// `meshaudit summarize`, and summaries in an audit.
@Suite struct SummarizeTests {
  private func summarize(_ arguments: [String], in scratch: Scratch, exits: Int32 = 0) async throws
    -> MeshAuditProgram.Result
  {
    let result = try await MeshAuditProgram.run(
      ["summarize"] + arguments, in: scratch.path, seconds: 90)
    expectExit(exits, result)
    return result
  }

  private func audit(_ paths: [String], in scratch: Scratch, database: String, exits: Int32 = 0)
    async throws
  {
    let result = try await MeshAuditProgram.run(
      ["audit"] + paths + SmallMesh.asOf
        + ["--output", "out", "--rule", "LP-052", "--database", database], in: scratch.path,
      seconds: 90)
    expectExit(exits, result)
  }

  private func traffic(in scratch: Scratch, database: String) async throws -> [String] {
    try await MeshAuditProgram.rows(
      """
      select day, source, destination, port, method, path_template, request_count, first_seen,
        last_seen
      from observed_request order by 1, 2, 3, 4, 5, 6, 7
      """, in: scratch, database: database)
  }

  private func parts(in scratch: Scratch) throws {
    try SmallMesh.write(to: scratch)
    let lines = SmallMesh.log(90).split(separator: "\n").map { $0 + "\n" }
    try scratch.write("logs/planner.log", lines.joined())
    try scratch.write("parts/agents/a/planner.log", lines[..<31].joined())
    try scratch.write("parts/agents/b/planner.log", lines[31...].joined())
  }

  @Test func summariesMergeToTheSummaryOfAllAndAuditAsTheLogsThemselves() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    let mesh = ["--manifests", "mesh", "--out"]
    _ = try await summarize(["parts/agents/a"] + mesh + ["a.jsonl.gz"], in: scratch)
    _ = try await summarize(["parts/agents/b"] + mesh + ["b.jsonl"], in: scratch)
    _ = try await summarize(["b.jsonl", "a.jsonl.gz", "--out", "ab.jsonl"], in: scratch)
    _ = try await summarize(["parts"] + mesh + ["all.jsonl"], in: scratch)
    #expect(try scratch.text("ab.jsonl") == scratch.text("all.jsonl"))

    try await audit(["mesh", "parts"], in: scratch, database: "logs.sqlite")
    try await audit(["mesh", "a.jsonl.gz", "b.jsonl"], in: scratch, database: "two.sqlite")
    let expected = try await traffic(in: scratch, database: "logs.sqlite")
    #expect(!expected.isEmpty)
    #expect(try await traffic(in: scratch, database: "two.sqlite") == expected)

    // Every log of the third summary is in the first two, and the logs are in all of them.
    try await audit(["mesh", "ab.jsonl", "parts"], in: scratch, database: "two.sqlite")
    #expect(try await traffic(in: scratch, database: "two.sqlite") == expected)
    let kinds = try await MeshAuditProgram.rows(
      "select kind, status from input where path = 'ab.jsonl'", in: scratch,
      database: "two.sqlite")
    #expect(kinds == ["traffic-summary|known"])
  }

  @Test func aSummaryThatIsCountedInPartIsRefusedWhole() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    _ = try await summarize(["parts", "--out", "all.jsonl"], in: scratch)
    try await audit(["mesh", "parts/agents/a"], in: scratch, database: "a.sqlite")
    let before = try await traffic(in: scratch, database: "a.sqlite")
    try await audit(["mesh", "all.jsonl"], in: scratch, database: "a.sqlite", exits: 2)
    #expect(try await traffic(in: scratch, database: "a.sqlite") == before)
  }

  @Test func aCutSummaryIsAGap() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    _ = try await summarize(["logs", "--out", "all.jsonl"], in: scratch)
    let bytes = try scratch.data("all.jsonl")
    let lines = bytes.split(separator: 10)
    try scratch.write("all.jsonl", Data(lines.dropLast().joined(separator: [10])) + Data([10]))
    try await audit(["mesh", "all.jsonl"], in: scratch, database: "a.sqlite", exits: 2)
    #expect(try await traffic(in: scratch, database: "a.sqlite").isEmpty)
  }

  @Test func whatCannotBeReadIsToldAndCounted() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    let result = try await summarize(
      ["logs", "nowhere.log", "--out", "all.jsonl"], in: scratch, exits: 2)
    expectSaid("\"nowhere.log\" was not read", result.errors)
    #expect(try scratch.text("all.jsonl").contains("\"failedInputs\":1,"))
    try await audit(["mesh", "all.jsonl"], in: scratch, database: "a.sqlite", exits: 2)
  }

  @Test func itsOwnOutputIsNoInput() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    _ = try await summarize(["logs", "--out", "logs/summary.jsonl"], in: scratch)
    let first = try scratch.text("logs/summary.jsonl")
    _ = try await summarize(["logs", "--out", "logs/summary.jsonl"], in: scratch)
    #expect(try scratch.text("logs/summary.jsonl") == first)
  }

  @Test func aLargeLogReadInPartsIsTheSame() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let log = SmallMesh.log(90)
    try scratch.write(
      "large.log", String(repeating: log, count: (40 << 20) / log.utf8.count))
    // Three files are too small to be read in parts.
    let files = try await MeshAuditProgram.shell(
      "split -n l/3 large.log part. && \"$MESHAUDIT\" summarize part.* --manifests mesh --out -",
      in: scratch.path, seconds: 120)
    expectExit(0, files)
    let parts = try await summarize(
      ["large.log", "--manifests", "mesh", "--out", "-"], in: scratch)
    #expect(withoutContents(parts.output) == withoutContents(files.output))
  }

  private func withoutContents(_ summary: String) -> String {
    summary.replacingOccurrences(
      of: "\"contents\":.*?\\]", with: "", options: .regularExpression)
  }

  @Test func zstdIsReadByContent() async throws {
    let scratch = try Scratch()
    try parts(in: scratch)
    let packed = try await MeshAuditProgram.shell(
      "command -v zstd > /dev/null || exit 75; zstd -q logs/planner.log -o log.bin",
      in: scratch.path)
    guard packed.exitCode != 75 else { return }
    expectExit(0, packed)
    let one = try await summarize(["log.bin", "--out", "-"], in: scratch)
    let other = try await summarize(["logs/planner.log", "--out", "-"], in: scratch)
    #expect(one.output == other.output)
  }
}
