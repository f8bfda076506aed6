import Testing

/// What is wrong with the command line or a configuration ends with 64 and says where.
@Suite struct UsageTests {
  static let wrong: [(String, String)] = [
    ("audit", "no paths were given"),
    ("audit mesh --colour", "Unknown option '--colour'"),
    ("audit mesh --as-of yesterday", "yesterday"),
    ("audit mesh --rule XX-1", "there is no rule \"XX-1\""),
    ("audit mesh --skip-rule XX-1", "there is no rule \"XX-1\""),
    ("audit mesh --pack nope", "there is no pack \"nope\""),
    ("audit mesh --format docx", "docx"),
    ("audit mesh --fail-on bad", "critical"),
    ("audit mesh --minimum-coverage 900", "from 0 to 100"),
    ("audit mesh --config nope.yaml", "the configuration \"nope.yaml\" cannot be read"),
    ("audit mesh --rules nope", "there is no folder \"nope\""),
    ("audit mesh --signing-key nope", "there is no key file \"nope\""),
    ("audit mesh --junit-dialect odd", "odd"),
    ("evaluate mesh", "--requests"),
    ("explain mesh --to nope/x", "there is no workload \"nope/x\""),
    ("explain mesh --to agents/planner --header bad", "\"bad\" is no header"),
    ("access", "paths"),
    ("access mesh --format xml", "xml"),
    ("rules show XX-1", "there is no rule \"XX-1\""),
    ("rules list --pack nope", "there is no pack \"nope\""),
    ("rules test nope", "there is no folder \"nope\""),
    ("rules new bad id --pack x --into new", "do not name a rule"),
    ("rules new LP-901 wild-thing --pack ../../x --into new", "do not name a rule"),
    ("register check mesh", "holds a register"),
    ("evidence verify nope", "there is no folder \"nope\""),
    ("history --database nope", "there is no database \"nope\""),
    ("report --database nope --format json", "there is no database \"nope\""),
    ("frobnicate", "frobnicate"),
  ]

  @Test(arguments: wrong) func isSaidWith64(line: String, message: String) async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.run(
      line.split(separator: " ").map(String.init), in: scratch.path)
    expectExit(64, result)
    expectSaid(message, result.errors)
    #expect(result.output.isEmpty)
    // Nothing was done on the way to the error.
    #expect(scratch.files() == ["mesh/mesh.yaml"])
  }

  static let wrongConfigurations: [(String, String)] = [
    ("hello\n", "\"meshaudit: 1\""),
    ("meshaudit: 1\nfailon: high\n", "c.yaml:2:1: error: unknown field \"failon\""),
    ("meshaudit: 1\nfail-on: terrible\n", "c.yaml:2:"),
    ("meshaudit: 1\nformats: [docx]\n", "docx"),
    ("meshaudit: 1\npaths: [mesh\n", "c.yaml:"),
    ("meshaudit: 1\nminimum-coverage: 900\n", "c.yaml:2:"),
  ]

  @Test(arguments: wrongConfigurations)
  func wrongConfigurationIsSaidWith64(text: String, message: String) async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("c.yaml", text)
    let result = try await MeshAuditProgram.run(
      ["audit", "mesh", "--config", "c.yaml"], in: scratch.path)
    expectExit(64, result)
    expectSaid(message, result.errors)
    #expect(!scratch.exists("meshaudit-report"))
  }

  @Test func configurationIsTakenFromTheFolderAndTheCommandLineWins() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write(
      "meshaudit.yaml",
      """
      meshaudit: 1
      paths: [mesh]
      as-of: 2026-11-20T06:00:00Z
      output: from-file
      formats: [json, markdown]
      """)
    let result = try await MeshAuditProgram.run(
      ["audit", "--rule", "LP-001", "--format", "json"], in: scratch.path)
    expectExit(0, result)
    #expect(scratch.files("from-file") == ["findings.json", "run.intoto.jsonl"])
  }

  @Test func namesCannotSteerTheTerminal() async throws {
    let scratch = try Scratch()
    let name = "no\u{1B}[31m\u{9B}2J\u{202E}such"
    try SmallMesh.write(to: scratch)
    for arguments in [
      ["audit", name, "--output", "out"], ["audit", "--rule", name, "mesh"],
      ["audit", "--" + name],
      ["rules", "show", name], ["history", "--database", name], ["evidence", "verify", name],
      ["explain", "mesh", "--to", name],
    ] {
      let result = try await MeshAuditProgram.run(arguments, in: scratch.path)
      #expect(result.exitCode != 0)
      expectSaid("no\\u{1B}[31m\\u{9B}2J\\u{202E}such", result.errors)
      expectNoControls(result)
    }
  }
}

/// No C0 or C1 control but line feed and tab, and no direction mark, on either stream.
func expectNoControls(
  _ result: MeshAuditProgram.Result, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  for stream in [result.output, result.errors] {
    let hidden = stream.unicodeScalars.filter {
      switch $0.value {
      case 0x0A, 0x09: false
      case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    #expect(hidden.isEmpty, "\(hidden.map(\.value))", sourceLocation: sourceLocation)
  }
}
