import Foundation
import Testing

/// A wrong file ends in a clear line and exit code 2; everything else is still assessed.
@Suite struct WrongInputTests {
  /// An audit of `mesh/` and `names`, of which the mesh alone would be clean.
  private func audit(
    _ names: [String], in scratch: Scratch, rule: String = "LP-001", seconds: Int = 60
  ) async throws -> MeshAuditProgram.Result {
    try SmallMesh.write(to: scratch)
    return try await MeshAuditProgram.run(
      ["audit", "mesh"] + names + SmallMesh.asOf + ["--output", "out", "--rule", rule],
      in: scratch.path, seconds: seconds)
  }

  @Test func theSmallMeshAloneIsClean() async throws {
    let scratch = try Scratch()
    let result = try await audit([], in: scratch)
    expectExit(0, result)
    #expect(result.errors.isEmpty)
    expectSaid("2 workloads, 1 policy", result.output)
  }

  static let wrong: [(name: String, contents: Data, message: String)] = [
    ("empty", Data(), "\"empty\" was not recognised: it is empty"),
    ("blank.yaml", Data("\n\n   \n".utf8), "\"blank.yaml\" was not recognised"),
    ("binary", Data([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0]), "it is binary: byte 7 is NUL"),
    ("archive.zip", Data([0x50, 0x4B, 3, 4, 1]), "it is a zip archive; unpack it first"),
    (
      "prose.txt", Data("Once upon a time\nthere was a mesh\n".utf8),
      "\"prose.txt\" was not recognised"
    ),
    (
      "values.yaml", Data("replicas: 3\n".utf8),
      "it is YAML or JSON without \"apiVersion\" and \"kind\""
    ),
    (
      "nul.yaml", Data("apiVersion: v1\nkind: Name\0space\n".utf8), "it is binary: byte 25 is NUL"
    ),
    (
      "latin.yaml",
      Data("apiVersion: v1\nkind: Namespace\nmetadata: {name: m\u{FC}}\n".utf16.map { UInt8($0) }),
      "latin.yaml: error: the file is not valid UTF-8"
    ),
    (
      "twice.yaml", Data("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  name: b\n".utf8),
      "twice.yaml:4:3: error: key \"name\" is given more than once in one object"
    ),
    (
      "tab.yaml", Data("apiVersion: v1\nkind: Namespace\nmetadata:\n\tname: a\n".utf8),
      "tab.yaml:4:1: error:"
    ),
    (
      "cut.json", Data("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{".utf8),
      "cut.json:1:49: error:"
    ),
    (
      "deep.json",
      Data(
        ("{\"apiVersion\":\"v1\",\"kind\":\"X\",\"a\":" + String(repeating: "[", count: 100_000))
          .utf8),
      "nested deeper than"
    ),
    (
      "deep.yaml",
      Data(("apiVersion: v1\nkind: X\na: " + String(repeating: "[", count: 100_000)).utf8),
      "deep.yaml:3:"
    ),
    ("bomb.yaml", Data(aliasBomb.utf8), "bomb.yaml:1:1: error: the document has more than"),
    (
      "field.yaml",
      Data(
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: p, namespace: agents}
        spec:
          rules: [{from: [{sauce: {}}]}]
        """.utf8), "field.yaml:5:20: error: unknown field \"sauce\""
    ),
    (
      "garbage.pem",
      Data("-----BEGIN CERTIFICATE-----\nAAAAAAAAAAAA\n-----END CERTIFICATE-----\n".utf8),
      "garbage.pem:1:1: error:"
    ),
    (
      "waivers.yaml", Data("version: 1\nwaivers:\n- {id: W1, rules: [LP-001]}\n".utf8),
      "waivers[0].justification is missing"
    ),
    (
      "register.yaml", Data("register: 1\nsystems:\n- {id: a, riskClass: gigantic}\n".utf8),
      "register.yaml:3:"
    ),
  ]

  static let aliasBomb =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + (1...8).map { level in
      "a\(level): &a\(level) ["
        + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
    }.joined()

  @Test(arguments: wrong.indices) func isNamedAndTheRestIsAssessed(index: Int) async throws {
    let (name, contents, message) = Self.wrong[index]
    let scratch = try Scratch()
    try scratch.write(name, contents)
    let result = try await audit([name], in: scratch, seconds: 30)
    expectExit(2, result)
    expectSaid(message, result.errors)
    expectSaid("2 workloads", result.output)
    expectSaid("rules      1 of 1 assessed", result.output)
    expectSaid("not fully assessed", try scratch.text("out/summary.md"))
  }

  @Test func missingPathIsNamed() async throws {
    let scratch = try Scratch()
    let result = try await audit(["nosuch"], in: scratch)
    expectExit(2, result)
    expectSaid(
      "nosuch: error: \"nosuch\" was not read: there is no such file or folder", result.errors)
  }

  @Test(arguments: ["nosuch", "folder"]) func anAuditOfNothingIsNoPass(path: String) async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      at: scratch.url("folder"), withIntermediateDirectories: false)
    let result = try await MeshAuditProgram.run(
      ["audit", path, "--output", "out", "--exit-zero"] + SmallMesh.asOf, in: scratch.path)
    expectExit(2, result)
    expectSaid("no input was recognised", result.output)
  }

  @Test func oneBrokenDocumentLeavesTheOtherTwo() async throws {
    let scratch = try Scratch()
    try scratch.write(
      "three.yaml",
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: first}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: second
      spec: [}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: third}
      """)
    let result = try await MeshAuditProgram.run(
      ["audit", "three.yaml", "--rule", "LP-001", "--database", "a.sqlite", "--output", "out"]
        + SmallMesh.asOf, in: scratch.path)
    expectExit(2, result)
    expectSaid("three.yaml:8:", result.errors)
    let names = try await MeshAuditProgram.rows(
      "select name from namespace order by name", in: scratch)
    #expect(names == ["first", "third"])
  }

  @Test func linksPipesAndDevicesAreNamedAndNeverFollowedOut() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write(
      "outside.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: outside}\n")
    let made = try await MeshAuditProgram.shell(
      """
      cd mesh && ln -s . loop && ln -s .. up && ln -s nowhere dead && ln -s ../outside.yaml out.yaml \
      && ln -s mesh.yaml again.yaml && ln -s /dev/zero zero && mkfifo pipe
      """, in: scratch.path)
    expectExit(0, made)
    let result = try await audit([], in: scratch, seconds: 30)
    expectExit(2, result)
    expectSaid(
      "mesh/dead: error: \"mesh/dead\" was not read: the link leads nowhere", result.errors)
    expectSaid("\"mesh/out.yaml\" was not read: the link leads out of \"mesh\"", result.errors)
    expectSaid("\"mesh/pipe\" was not read: it is a device or a pipe", result.errors)
    expectSaid("\"mesh/zero\" was not read: it is a device or a pipe", result.errors)
    #expect(!result.errors.contains("loop"))
    #expect(!result.errors.contains("defined again"))
  }

  @Test func pipeNamedByTheUserIsNotWaitedFor() async throws {
    let scratch = try Scratch()
    _ = try await MeshAuditProgram.shell("mkfifo pipe", in: scratch.path)
    let result = try await audit(["pipe"], in: scratch, seconds: 20)
    expectExit(2, result)
    expectSaid("\"pipe\" was not read: it is neither a file nor a folder", result.errors)
  }

  /// Root reads everything, so the program runs as nobody.
  @Test(.enabled("needs root to run the program as another user", { getuid() == 0 }))
  func unreadableFileAndFolderAreNamed() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/secret.yaml", SmallMesh.manifests)
    try scratch.write("mesh/closed/x.yaml", SmallMesh.manifests)
    let result = try await MeshAuditProgram.shell(
      """
      cp "$MESHAUDIT" ./program && chmod 755 . mesh program && chmod 644 mesh/mesh.yaml \
      && chmod 000 mesh/secret.yaml && chmod 700 mesh/closed && mkdir o && chown 65534 o \
      && TMPDIR=$PWD/o exec setpriv --reuid=65534 --regid=65534 --clear-groups \
      ./program audit mesh --rule LP-001 --output o/out
      """, in: scratch.path)
    expectExit(2, result)
    expectSaid("\"mesh/secret.yaml\" was not read: permission denied", result.errors)
    expectSaid("mesh/closed", result.errors)
    expectSaid("2 workloads", result.output)
  }

  @Test func standardInputIsReadLikeAFile() async throws {
    let scratch = try Scratch()
    for (input, code) in [(SmallMesh.manifests, Int32(0)), ("", 2), ("a: [", 2)] {
      let result = try await MeshAuditProgram.run(
        ["audit", "-", "--rule", "LP-001", "--output", "out"] + SmallMesh.asOf, in: scratch.path,
        input: input)
      expectExit(code, result)
    }
  }

  /// Whether a policy holds is not told: neither green nor red.
  @Test func missingNamespacesAreAGap() async throws {
    let scratch = try Scratch()
    let documents = SmallMesh.manifests.components(separatedBy: "---\n")
    try scratch.write("mesh.yaml", documents.dropFirst().joined(separator: "---\n"))
    let result = try await MeshAuditProgram.run(
      ["audit", "mesh.yaml"] + SmallMesh.asOf + [
        "--output", "out", "--rule", "LP-001", "--rule", "AI-003", "--rule", "AI-006",
      ], in: scratch.path)
    expectExit(2, result)
    expectSaid(
      "  - Namespace agents is not in the inputs, and only it tells whether 2 workloads have a proxy\n"
        + "  - rules AI-003 and AI-006: not assessed, for want of input: AI system register\n",
      result.output)
  }

  @Test func strangeFilesInAFolderAreListedAndAreNoGap() async throws {
    let scratch = try Scratch()
    try scratch.write("mesh/README.md", "# Mesh\n\nProse.\n")
    try scratch.write("mesh/.hidden", "\0")
    // Looks like YAML in its first line.
    try scratch.write("mesh/Makefile", "image:\n\tdocker build .\n")
    try scratch.write(
      "mesh/chart/templates/service.yaml",
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n")
    let result = try await audit([], in: scratch)
    expectExit(0, result)
    #expect(result.errors.isEmpty)
    let findings = try scratch.text("out/findings.json")
    for path in ["README.md", "Makefile", "chart/templates/service.yaml"] {
      #expect(findings.contains("mesh/\(path)"))
    }
    expectSaid("it is a template; give what it renders to", findings)
    // What is named is to be read.
    expectExit(2, try await audit(["mesh/Makefile"], in: scratch))
  }
}
