import Foundation
import Testing

@Suite struct DatabaseTests {
  private func audit(
    in scratch: Scratch, database: String = "a.sqlite", output: String = "out", seconds: Int = 60
  ) async throws -> MeshAuditProgram.Result {
    try await MeshAuditProgram.run(
      ["audit", "mesh", "--database", database, "--output", output, "--rule", "LP-001"]
        + SmallMesh.asOf, in: scratch.path, seconds: seconds)
  }

  @Test func fileThatIsNoDatabaseIsLeftAsItIs() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let text = String(repeating: "precious notes, no database\n", count: 100)
    try scratch.write("a.sqlite", text)
    for arguments in [
      ["audit", "mesh", "--database", "a.sqlite"], ["history", "--database", "a.sqlite"],
      ["query", "--database", "a.sqlite", "select 1"],
      ["report", "--database", "a.sqlite", "--format", "json"],
    ] {
      let result = try await MeshAuditProgram.run(arguments, in: scratch.path)
      expectExit(70, result)
      expectSaid("\"a.sqlite\" is not an SQLite database", result.errors)
      #expect(try scratch.text("a.sqlite") == text)
    }
    #expect(!scratch.exists("meshaudit-report"))
  }

  @Test func damagedDatabaseIsSaidToBeDamaged() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch, logLines: 50)
    expectExit(0, try await audit(in: scratch))
    var bytes = try scratch.data("a.sqlite")
    for offset in stride(from: 4096, to: bytes.count, by: 7) { bytes[offset] = 0x5A }
    try scratch.write("a.sqlite", bytes)
    let result = try await audit(in: scratch)
    expectExit(70, result)
    expectSaid("meshaudit: error: the database \"a.sqlite\"", result.errors)
  }

  @Test func secondRunIsSentAway() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    expectExit(0, try await audit(in: scratch))
    let result = try await MeshAuditProgram.shell(
      """
      exec 9>>a.sqlite.lock; flock 9
      "$MESHAUDIT" audit mesh --database a.sqlite --output second --rule LP-001 9>&-; code=$?
      "$MESHAUDIT" history --database a.sqlite --format csv 9>&- || exit 1
      "$MESHAUDIT" report --database a.sqlite --format json 9>&- >report.json || exit 2
      "$MESHAUDIT" query --database a.sqlite "select 1" 9>&-
      test $? = 75 || exit 3
      exit $code
      """, in: scratch.path)
    expectExit(75, result)
    expectSaid("is using \"a.sqlite\"", result.errors)
    expectSaid("\"1\"", result.output)
    #expect(!scratch.exists("second"))
  }

  @Test func databaseThatAnotherProgramHoldsEndsWith75() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    expectExit(0, try await audit(in: scratch))
    let result = try await MeshAuditProgram.shell(
      """
      mkfifo hold; (echo 'begin exclusive;'; echo '.shell echo held > ready'; cat hold) \
      | sqlite3 a.sqlite & while ! test -s ready; do :; done
      "$MESHAUDIT" audit mesh --database a.sqlite --rule LP-001; code=$?; : > hold; exit $code
      """, in: scratch.path)
    expectExit(75, result)
    expectSaid("in use by another program", result.errors)
  }

  @Test func missingFolderIsNamed() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await audit(in: scratch, database: "none/a.sqlite")
    expectExit(70, result)
    expectSaid("\"none/a.sqlite.lock\"", result.errors)
    #expect(!scratch.exists("out"))
  }

  @Test func outputFolderThatCannotBeMadeIsNamed() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    for output in ["mesh/mesh.yaml/out", "/proc/nowhere/out"] {
      let result = try await audit(in: scratch, output: output)
      expectExit(70, result)
      expectSaid("the folder \"\(output)\" cannot be made", result.errors)
      #expect(!result.output.contains("wrote"))
    }
  }

  @Test(.enabled("needs root to run the program as another user", { getuid() == 0 }))
  func readOnlyOutputFolderKeepsItsReports() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("out/summary.md", "earlier\n")
    let result = try await MeshAuditProgram.shell(
      """
      cp "$MESHAUDIT" ./program && chmod 755 . mesh program out && chmod 644 mesh/mesh.yaml \
      && mkdir o && chown 65534 o && TMPDIR=$PWD/o exec setpriv --reuid=65534 --regid=65534 \
      --clear-groups ./program audit mesh --rule LP-001 --output out
      """, in: scratch.path)
    expectExit(70, result)
    expectSaid("cannot create \"out/report.html\": permission denied", result.errors)
    #expect(scratch.files("out") == ["summary.md"])
    #expect(try scratch.text("out/summary.md") == "earlier\n")
  }

  /// Whether a small file system can be mounted here; elsewhere the test is skipped with this reason.
  static func canMount() async throws -> Bool {
    let scratch = try Scratch()
    return try await MeshAuditProgram.shell(
      "mkdir m && mount -t tmpfs -o size=64k none m 2>/dev/null && umount m", in: scratch.path
    ).exitCode == 0
  }

  @Test(.enabled("needs the right to mount a tmpfs", { try await canMount() }))
  func fullDiskLeavesTheEarlierRunWhole() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch, logLines: 50)
    expectExit(0, try await audit(in: scratch))
    let result = try await MeshAuditProgram.shell(
      """
      mkdir m && mount -t tmpfs -o size=2m none m || exit 99
      trap 'umount m' EXIT
      cp a.sqlite m/; mkdir m/out; echo earlier > m/out/report.html
      head -c 3000000 /dev/zero > m/fill 2>/dev/null
      cd m; "$MESHAUDIT" audit ../mesh --database a.sqlite --output out
      code=$?; rm fill; cd ..
      cat m/out/report.html > kept; ls m/out > left
      cd m; "$MESHAUDIT" history --database a.sqlite --format csv >../runs || exit 98
      "$MESHAUDIT" audit ../mesh --database a.sqlite --output ../again --rule LP-001 || exit 97
      exit $code
      """, in: scratch.path)
    expectExit(70, result)
    expectSaid("full", result.errors)
    #expect(try scratch.text("kept") == "earlier\n")
    #expect(try scratch.text("left") == "report.html\n")
    #expect(try scratch.text("runs").contains("clean"))
  }

  /// Killed at random moments, the earlier run stays whole, the next run works, and no line counts twice.
  @Test func killedRunsLeaveNothingBehind() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("killedRunsLeaveNothingBehind: seed \(seed)")
    var state = seed
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch, logLines: 3000)
    expectExit(0, try await audit(in: scratch))
    let report = try scratch.text("out/findings.json")
    for round in 1...10 {
      try scratch.write("mesh/log\(round).log", SmallMesh.log(1000 + round, path: "/v1/\(round)x"))
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let delay = 0.005 + Double(state >> 33) / Double(1 << 31) * 0.5
      let result = try await MeshAuditProgram.shell(
        """
        "$MESHAUDIT" audit mesh --database a.sqlite --output out --rule LP-001 --quiet \
        --as-of 2026-11-20T06:00:00Z & pid=$!
        timeout \(delay) tail --pid=$pid -f /dev/null
        kill -KILL $pid 2>/dev/null; wait $pid
        """, in: scratch.path)
      #expect([0, 137].contains(result.exitCode), "\(result.errors)")
      // Each report that is there is whole: the earlier one or the later one, never a part.
      let current = try scratch.text("out/findings.json")
      #expect(current == report || current.hasSuffix("}\n") || current.hasSuffix("}"))
      let runs = try await MeshAuditProgram.run(
        ["history", "--database", "a.sqlite", "--format", "csv"], in: scratch.path)
      expectExit(0, runs)
      #expect(!runs.output.contains("\"\""))
    }
    expectExit(0, try await audit(in: scratch))
    let total = try await MeshAuditProgram.rows(
      "select sum(request_count) from observed_request", in: scratch)
    #expect(total == ["\(3000 + (1...10).reduce(0) { $0 + 1000 + $1 })"], "seed \(seed)")
    let check = try await MeshAuditProgram.shell(
      "sqlite3 a.sqlite 'pragma integrity_check; pragma foreign_key_check'", in: scratch.path)
    #expect(check.output == "ok\n", "seed \(seed)")
    let left = scratch.files("out").filter { $0.contains("partial") }
    #expect(left.isEmpty, "seed \(seed): \(left)")
  }

  @Test func earlierRunIsRenderedAgain() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    expectExit(0, try await audit(in: scratch))
    try scratch.write("mesh/more.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n")
    expectExit(0, try await audit(in: scratch, output: "second"))
    for (format, name) in [
      ("html", "report.html"), ("junit", "junit.xml"), ("json", "findings.json"),
      ("sarif", "findings.sarif"), ("csv", "findings.csv"), ("markdown", "summary.md"),
    ] {
      for (run, folder) in [("1", "out"), ("2", "second")] {
        let result = try await MeshAuditProgram.run(
          ["report", "--database", "a.sqlite", "--run", run, "--format", format], in: scratch.path)
        expectExit(0, result)
        #expect(result.output == (try scratch.text("\(folder)/\(name)")), "\(folder)/\(name)")
      }
    }
    let none = try await MeshAuditProgram.run(
      ["report", "--database", "a.sqlite", "--run", "3", "--format", "json"], in: scratch.path)
    expectExit(64, none)
    expectSaid("keeps no report of run 3", none.errors)
    let history = try await MeshAuditProgram.run(
      ["history", "--database", "a.sqlite", "--format", "csv"], in: scratch.path)
    #expect(history.output.components(separatedBy: "\r\n").filter { !$0.isEmpty }.count == 3)
  }

  @Test(arguments: [
    "delete from workload", "select * from runs", "select 1; select 2", "select nope from workload",
    "pragma table_info(runs)", "attach 'x.sqlite' as y", "select load_extension('x')",
    "select count(*) from sqlite_master", "", "create table x(y)", "drop view workload",
    "select * from workload; delete from runs", "insert into workload default values",
    "with x as (select 1) delete from runs", "select readfile('/etc/passwd')",
    "select randomblob(8)", "vacuum into 'copy.sqlite'", "begin",
  ])
  func queryOnlyReadsDocumentedViews(sql: String) async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    expectExit(0, try await audit(in: scratch))
    let before = scratch.files()
    let result = try await MeshAuditProgram.run(
      ["query", "--database", "a.sqlite", sql], in: scratch.path)
    expectExit(64, result)
    #expect(result.output.isEmpty)
    #expect(scratch.files() == before)
    let rows = try await MeshAuditProgram.rows("select count(*) from workload", in: scratch)
    #expect(rows == ["2"])
  }

  @Test func queryPrintsTablesJSONAndCSV() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    expectExit(0, try await audit(in: scratch))
    let sql = "select name, replicas from workload order by name"
    let json = try await MeshAuditProgram.run(
      ["query", "--database", "a.sqlite", sql, "--format", "json"], in: scratch.path)
    let rows =
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]] ?? []
    #expect(rows.map { $0["name"] as? String } == ["caller", "planner"])
    #expect(rows.allSatisfy { $0["replicas"] is NSNull || $0["replicas"] is Int })
    let table = try await MeshAuditProgram.run(
      ["query", "--database", "a.sqlite", sql], in: scratch.path)
    #expect(table.lines.count == 3)
  }
}
