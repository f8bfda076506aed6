import Foundation
import Testing

/// Secrets go in and come out nowhere: not in a stream, not in a report, not in the database or its
/// write-ahead log.
@Suite struct SecretTests {
  /// An RFC 8032 test key (7.1, TEST 1) in PKCS#8, and halves of its Base64 to look for.
  static let privateKey = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v+lwfHHlfLRjdLsk2Hu0iR7O6DqhUnDYGmi5g
    -----END PRIVATE KEY-----

    """
  static let keyCanary = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v"

  static let manifests = """
    apiVersion: v1
    kind: Secret
    metadata:
      name: s
      namespace: agents
      annotations:
        kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"p":"CANARY-ANNOTATION"}}'
    type: Opaque
    data: {password: Q0FOQVJZLVNFQ1JFVA==}
    stringData: {other: CANARY-STRINGDATA}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: tls, namespace: agents}
    type: kubernetes.io/tls
    data: {tls.crt: "", tls.key: \(Data(privateKey.utf8).base64EncodedString())}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: p, namespace: agents}
    spec:
      containers:
      - name: x
        image: "registry.example/x:1"
        env: [{name: API_TOKEN, value: CANARY-ENV}, {name: PLAIN, value: CANARY-PLAIN}]
        args: ["--token=CANARY-ARGUMENT", "--password", "CANARY-WORD", "--url=https://u:CANARY-URL@h/"]
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings, namespace: agents}
    data: {token: CANARY-CONFIGMAP, url: "https://u:CANARY-USERINFO@host.example/"}
    ---
    apiVersion: example.com/v1
    kind: Widget
    metadata: {name: w, namespace: agents}
    spec: {clientSecret: CANARY-FIELD, url: "https://u:CANARY-SPECURL@host.example/",
      header: "Bearer CANARY-BEARER", jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARYSIGN"}

    """

  static let canaries = [
    "CANARY-", "Q0FOQVJZLVNFQ1JFVA", "CANARYSIGN", "eyJzdWIiOiJDQU5BUlkifQ", keyCanary,
    String(Data(privateKey.utf8).base64EncodedString().dropFirst(60).prefix(30)),
  ]

  @Test func leaveNoTrace() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/secrets.yaml", Self.manifests)
    try scratch.write("mesh/inventory.pem", Self.privateKey)
    let log =
      SmallMesh.log(5, path: "/v1/plans?token=CANARY-QUERY&key=CANARY-KEY")
      + SmallMesh.log(5, path: "/v1/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARYSIGN")
      .replacingOccurrences(of: "agent/1", with: "CANARY-AGENT")
    try scratch.write("mesh/planner.log", log)
    // Killed in the middle it must not show more than finished: the write-ahead log is looked at, too.
    let result = try await MeshAuditProgram.run(
      ["audit", "mesh", "--database", "a.sqlite", "--output", "out"] + SmallMesh.asOf,
      in: scratch.path)
    expectExit(2, result)
    expectSaid("IC-033", try scratch.text("out/findings.json"))
    let found = try await MeshAuditProgram.rows("select format from private_key", in: scratch)
    #expect(found.count == 2)
    let requests = try await MeshAuditProgram.rows(
      "select sum(request_count) from observed_request", in: scratch)
    #expect(requests == ["10"])
    for canary in Self.canaries {
      #expect(!result.output.contains(canary) && !result.errors.contains(canary), "\(canary)")
      for name in scratch.files() where !name.hasPrefix("mesh/") {
        let data = try scratch.data(name)
        #expect(data.range(of: Data(canary.utf8)) == nil, "\(canary) in \(name)")
      }
    }
    for command in [
      ["access", "mesh"], ["explain", "mesh", "--to", "agents/planner", "--path", "/v1/x"],
      ["report", "--database", "a.sqlite", "--format", "json"],
    ] {
      let said = try await MeshAuditProgram.run(command, in: scratch.path)
      for canary in Self.canaries {
        #expect(!said.output.contains(canary) && !said.errors.contains(canary), "\(command)")
      }
    }
  }

  @Test func filesAreTheirOwnersOnly() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.shell(
      "umask 000; exec \"$MESHAUDIT\" audit mesh --rule LP-001 --database a.sqlite --output out",
      in: scratch.path)
    expectExit(0, result)
    for name in scratch.files() where !name.hasPrefix("mesh/") {
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch.url(name).path)
      #expect((attributes[.posixPermissions] as? Int ?? 0) & 0o077 == 0, "\(name)")
    }
  }

  @Test func signingKeyThatOthersReadIsRefused() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("key.pem", Self.privateKey)
    let result = try await MeshAuditProgram.shell(
      "chmod 644 key.pem; exec \"$MESHAUDIT\" audit mesh --rule LP-001 --signing-key key.pem",
      in: scratch.path)
    expectExit(64, result)
    expectSaid("others may read the key \"key.pem\"", result.errors)
    #expect(!result.errors.contains(Self.keyCanary))
  }
}
