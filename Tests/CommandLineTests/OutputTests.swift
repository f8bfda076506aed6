import Foundation
import Testing

/// What the program prints and writes, and that it is the same every time.
@Suite struct OutputTests {
  @Test func readerThatGoesAwayIsNoError() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.shell(
      """
      { "$MESHAUDIT" audit mesh --rule LP-001 --output out; echo $? > code; } | head -1
      { "$MESHAUDIT" rules list; echo $? > listed; } | true
      { "$MESHAUDIT" report --database none --format json 2>&1; echo $? > none; } | true
      """, in: scratch.path)
    #expect(result.output == "clean\n")
    #expect(try scratch.text("code") == "0\n")
    #expect(try scratch.text("listed") == "0\n")
    #expect(try scratch.text("none") == "64\n")
    #expect(scratch.files("out").count == 7)
    #expect(!result.errors.contains("pipe"))
  }

  @Test func closedDescriptorsAreNotTakenByTheDatabase() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.shell(
      """
      exec "$MESHAUDIT" audit mesh nosuch --rule LP-001 --database a.sqlite --output out <&- >&- 2>&-
      """, in: scratch.path)
    expectExit(2, result)
    #expect(try scratch.text("a.sqlite.lock").hasPrefix("pid "))
    #expect(try scratch.text("a.sqlite.lock").split(separator: "\n").count == 1)
    let check = try await MeshAuditProgram.shell(
      "sqlite3 a.sqlite 'pragma integrity_check'", in: scratch.path)
    #expect(check.output == "ok\n")
  }

  /// On a terminal there are colours and a progress line, and `NO_COLOR` switches the colours off.
  @Test(arguments: [false, true]) func coloursOnATerminal(isPlain: Bool) async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write(
      "program", "\(MeshAuditProgram.path) audit mesh --output out --pack least-privilege")
    let result = try await MeshAuditProgram.shell(
      "\(isPlain ? "NO_COLOR=1" : "NO_COLOR=") TERM=xterm script -qec \"$(cat program)\" typescript",
      in: scratch.path)
    let hasColour = result.output.contains("\u{1B}[1") || result.output.contains("\u{1B}[3")
    #expect(hasColour == !isPlain)
    #expect(result.output.contains("█"))
  }

  @Test func nothingIsDrawnIntoAFile() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let arguments = ["audit", "mesh", "--rule", "LP-001", "--output", "out"]
    let result = try await MeshAuditProgram.run(arguments, in: scratch.path)
    expectExit(0, result)
    expectNoControls(result)
    #expect(result.errors.isEmpty)
    let quiet = try await MeshAuditProgram.run(arguments + ["--quiet"], in: scratch.path)
    expectExit(0, quiet)
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty)
    let drawn = try await MeshAuditProgram.run(
      arguments + ["--progress", "always"], in: scratch.path)
    #expect(drawn.errors.contains("█"))
  }

  @Test func exitZeroTurnsOneIntoZeroAndNeverTwo() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let open = SmallMesh.manifests.replacingOccurrences(
      of: "cluster.local/ns/agents/sa/caller", with: "*")
    try scratch.write("mesh/mesh.yaml", open)
    let arguments = ["audit", "mesh", "--rule", "LP-005", "--output", "out"]
    for (more, code) in [
      ([], Int32(1)), (["--exit-zero"], 0), (["--fail-on", "critical"], 0),
      (["--fail-on", "none"], 0), (["nosuch"], 2), (["nosuch", "--exit-zero"], 2),
      (["--rule", "LP-052"], 2), (["--rule", "LP-052", "--minimum-coverage", "50"], 1),
      (["--rule", "LP-052", "--minimum-coverage", "50", "--exit-zero"], 0),
    ] {
      let result = try await MeshAuditProgram.run(arguments + more, in: scratch.path)
      expectExit(code, result)
    }
  }

  @Test func onlyTheFormatsThatWereAskedForAreWritten() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.run(
      [
        "audit", "mesh", "--rule", "LP-001", "--format", "junit", "--format", "csv", "--output",
        "out",
      ], in: scratch.path)
    expectExit(0, result)
    #expect(scratch.files("out") == ["findings.csv", "junit.xml", "run.intoto.jsonl"])
  }

  /// Names that would steer a terminal, end an element or start a formula.
  static let hostile = #"\e]0;T\a\e[2J\u202e\u009b1m<script>alert(1)</script>]]>=1+1"#

  @Test func hostileNamesAreShownAndNeverObeyed() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write(
      "mesh/hostile.yaml",
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: "\(Self.hostile)", labels: {istio-injection: enabled}}
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: "\(Self.hostile)", namespace: agents}
      spec: {"\(Self.hostile)": 1, selector: {matchLabels: {app: planner}},
        rules: [{from: [{source: {principals: ["*"]}}]}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: "w\(Self.hostile)", namespace: agents}
      spec:
        template:
          metadata: {labels: {app: "\(Self.hostile)"}}
          spec: {containers: [{name: a, image: "\(Self.hostile)", ports: [{containerPort: 80}]}]}

      """)
    let path = "/v1/\\x1b]0;T\\x07<script>alert(1)</script>=cmd|' /C calc'!A0"
    try scratch.write("mesh/planner.log", SmallMesh.log(20, path: path))
    let audit = try await MeshAuditProgram.run(
      ["audit", "mesh", "--database", "a.sqlite", "--output", "out"] + SmallMesh.asOf,
      in: scratch.path)
    expectExit(2, audit)
    expectNoControls(audit)
    for arguments in [
      ["access", "mesh"], ["access", "mesh", "--format", "csv"],
      ["access", "mesh", "--format", "json"],
      ["explain", "mesh", "--to", "agents/planner", "--path", "/"],
      ["query", "--database", "a.sqlite", "select name, kind from resource"],
    ] {
      let result = try await MeshAuditProgram.run(arguments, in: scratch.path)
      #expect([0, 2].contains(result.exitCode))
      if !arguments.contains("csv"), !arguments.contains("json") { expectNoControls(result) }
      #expect(!result.output.utf8.contains(0x1B), "\(arguments)")
    }
    for name in scratch.files("out") {
      #expect(!(try scratch.data("out/" + name)).contains(0x1B), "\(name)")
    }
    let page = try scratch.text("out/report.html")
    #expect(!page.contains("<script>alert"))
    let xml = try await MeshAuditProgram.shell(
      "python3 -c 'import xml.dom.minidom as m; m.parse(\"out/junit.xml\")'", in: scratch.path)
    expectExit(0, xml)
    for line in try scratch.text("out/findings.csv").components(separatedBy: "\r\n") {
      for cell in line.components(separatedBy: "\",\"") {
        #expect(!"=+-@\t".contains(cell.first ?? "x"), "\(cell)")
      }
    }
  }

  /// The same inputs and clock give the same bytes, wherever and however the program is started.
  @Test func sameInputGivesTheSameBytes() async throws {
    let scratches = [try Scratch(), try Scratch()]
    let environments = [
      ["TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C"],
      ["TZ": "America/New_York", "LANG": "tr_TR.UTF-8", "LC_ALL": ""],
    ]
    var contents: [[String: Data]] = []
    for (index, scratch) in scratches.enumerated() {
      // The second folder is made in another order.
      let sample = MeshAuditProgram.checkout + "/samples/istio-agents"
      let copied = try await MeshAuditProgram.shell(
        index == 0
          ? "cp -r \(sample) mesh"
          : "cp -r \(sample) tmp; mkdir mesh; cd tmp; for f in $(ls -r); do mv $f ../mesh/; done",
        in: scratch.path)
      expectExit(0, copied)
      let result = try await MeshAuditProgram.run(
        ["audit", "mesh", "--output", "out\(index)", "--database", "d\(index)"] + SmallMesh.asOf,
        in: scratch.path, environment: environments[index])
      #expect([1, 2].contains(result.exitCode), "\(result.errors)")
      var files: [String: Data] = [:]
      for name in scratch.files("out\(index)") {
        files[name] = try scratch.data("out\(index)/\(name)")
      }
      contents.append(files)
    }
    #expect(contents[0].count == 7)
    #expect(contents[0].keys.sorted() == contents[1].keys.sorted())
    for (name, data) in contents[0] { #expect(contents[1][name] == data, "\(name)") }
  }
}
