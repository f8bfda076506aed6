import Foundation
import Testing

/// Access logs that are cut, hostile, huge or given twice.
@Suite struct LogInputTests {
  private func audit(_ paths: [String], in scratch: Scratch, database: String = "a.sqlite")
    async throws -> MeshAuditProgram.Result
  {
    try await MeshAuditProgram.run(
      ["audit"] + paths + SmallMesh.asOf
        + ["--output", "out", "--rule", "LP-052", "--database", database], in: scratch.path,
      seconds: 90)
  }

  private func count(in scratch: Scratch) async throws -> Int {
    let rows = try await MeshAuditProgram.rows(
      "select coalesce(sum(request_count), 0) from observed_request", in: scratch)
    return try #require(Int(rows.first ?? ""))
  }

  @Test func wholeLogIsCounted() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch, logLines: 40)
    let result = try await audit(["mesh"], in: scratch)
    expectExit(0, result)
    #expect(try await count(in: scratch) == 40)
  }

  /// Cut after the header, in the stream, and in the trailer: in no case a part is counted, and in no
  /// case the audit is green, even when the file was only met in a folder.
  @Test(arguments: [3, 10, 18, 30, 60, 90, 120, 150, 200, 400, -20, -8, -1])
  func cutGzipCountsNothingAndIsAGap(length: Int) async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let whole = try await SmallMesh.gzip(SmallMesh.log(400))
    try scratch.write("mesh/cut.gz", whole.prefix(length < 0 ? whole.count + length : length))
    let result = try await audit(["mesh"], in: scratch)
    expectExit(2, result)
    if length > 3 { expectSaid("mesh/cut.gz: error: \"mesh/cut.gz\" was not read", result.errors) }
    #expect(try await count(in: scratch) == 0)
    try scratch.write("mesh/cut.gz", whole)
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(try await count(in: scratch) == 400)
  }

  @Test func changedByteInGzipCountsNothing() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    var bytes = try await SmallMesh.gzip(SmallMesh.log(400))
    bytes[bytes.count - 6] ^= 0x40
    try scratch.write("mesh/bad.gz", bytes)
    let result = try await audit(["mesh"], in: scratch)
    expectExit(2, result)
    #expect(try await count(in: scratch) == 0)
  }

  @Test func gzipBombIsRefused() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let line = SmallMesh.log(1)
    try scratch.write("line", line)
    let made = try await MeshAuditProgram.shell(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do cat line line > two; mv two line; done; "
        + "gzip -9 < line > bomb.gz; head -c 60000000 /dev/zero | gzip -9 > zeros.gz; rm line",
      in: scratch.path)
    expectExit(0, made)
    let result = try await audit(["mesh", "bomb.gz", "zeros.gz"], in: scratch)
    expectExit(2, result)
    expectSaid("\"bomb.gz\" was not read: it inflates to more than 200 times", result.errors)
    expectSaid("\"zeros.gz\" was not", result.errors)
    #expect(try await count(in: scratch) == 0)
  }

  @Test func lineOfFiveMegabytesIsSkippedAndCounted() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write(
      "mesh/long.log",
      SmallMesh.log(30) + String(repeating: "x", count: 5_000_000) + "\n" + SmallMesh.log(30))
    let result = try await audit(["mesh"], in: scratch)
    expectExit(2, result)
    expectSaid("mesh/long.log was read in part", result.output)
    #expect(try await count(in: scratch) == 60)
  }

  @Test func nulAndInvalidBytesCostTheirLineAtMost() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    var bytes = Data(SmallMesh.log(200).utf8)
    bytes.append(contentsOf: Data(SmallMesh.log(1, path: "/v1/\0\u{1}x").utf8))
    bytes.append(
      contentsOf: Data(SmallMesh.log(1, path: "/v1/QQ").utf8.map { $0 == 81 ? 0xFF : $0 }))
    bytes.append(contentsOf: [0, 0, 0, 0xC3, 10])
    try scratch.write("mesh/odd.log", bytes)
    let result = try await audit(["mesh"], in: scratch)
    expectExit(0, result)
    #expect(try await count(in: scratch) >= 200)
    expectNoControls(result)
    for name in scratch.files("out") {
      #expect(!(try scratch.data("out/" + name)).contains { $0 == 0 || $0 == 1 }, "\(name)")
    }
  }

  /// The same contents count once: plain, compressed, under another name, in the same and in later runs.
  @Test func sameLogCountsOnce() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch, logLines: 50)
    expectExit(0, try await audit(["mesh"], in: scratch))
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(try await count(in: scratch) == 50)
    try scratch.write("mesh/renamed.txt", SmallMesh.log(50))
    try scratch.write("mesh/planner.log.gz", try await SmallMesh.gzip(SmallMesh.log(50)))
    let result = try await audit(["mesh"], in: scratch)
    expectExit(0, result)
    #expect(try await count(in: scratch) == 50)
    #expect(try scratch.text("out/findings.json").contains("its contents were counted before"))
    try scratch.write("mesh/more.log", SmallMesh.log(7, path: "/v1/other"))
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(try await count(in: scratch) == 57)
  }

  /// Loki's answer and Fluent Bit's array are one document each.
  @Test func linesInsideADocumentAreCounted() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let lines = SmallMesh.log(12).split(separator: "\n").map {
      $0.replacingOccurrences(of: "\"", with: "\\\"")
    }
    let values = lines.prefix(6).map { "[\"1\",\"\($0)\"]" }.joined(separator: ",\n")
    try scratch.write(
      "mesh/loki.json",
      #"{"status":"success","data":{"resultType":"streams","result":[{"stream":{"pod":"p"},"values":["#
        + values + "]}]}}")
    let array = lines.suffix(6).map { "{\"log\":\"\($0)\"}" }.joined(separator: ",")
    try scratch.write("mesh/bit.json.gz", try await SmallMesh.gzip("[" + array + "]"))
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(try await count(in: scratch) == 12)
    try scratch.write("mesh/cut.json", "[" + array)
    let cut = try await audit(["mesh"], in: scratch)
    expectExit(2, cut)
    expectSaid("\"mesh/cut.json\" was not read: its JSON is broken or cut", cut.errors)
    #expect(try await count(in: scratch) == 12)
  }

  /// Lines were counted and then changed: nothing of it counts again, and the run says so.
  @Test func logThatDiffersWithinWhatWasCountedIsNotCountedAgain() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let lines = SmallMesh.log(20).split(separator: "\n").map { "\($0)\n" }
    func audit(_ lines: [String], exits: Int32) async throws -> [String] {
      try scratch.write("planner.log", lines.joined())
      let result = try await MeshAuditProgram.run(
        ["audit", "mesh", "planner.log"] + SmallMesh.asOf
          + ["--output", "out", "--rule", "RK-013", "--database", "a.sqlite"], in: scratch.path)
      expectExit(exits, result)
      return try await MeshAuditProgram.rows(
        "select sum(request_count) from observed_request", in: scratch, database: "a.sqlite")
    }
    let first = try await audit(Array(lines[..<10]), exits: 0)
    var edited = lines
    edited.remove(at: 4)
    #expect(try await audit(edited, exits: 2) == first)
    let said = try await MeshAuditProgram.rows(
      "select status, reason from input where path = 'planner.log'", in: scratch,
      database: "a.sqlite")
    #expect(said.first?.contains("differs within them; nothing of it was counted") == true)
    let findings = try await MeshAuditProgram.rows(
      "select status from finding where rule_id = 'RK-013'", in: scratch, database: "a.sqlite")
    #expect(findings.contains { $0.contains("fail") }, "\(findings)")
    // The whole log, unchanged, goes on where it was.
    let whole = try await audit(lines, exits: 0)
    #expect(whole != first)
  }
}
