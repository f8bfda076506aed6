import Foundation
import Testing

/// What becomes of client addresses that no manifest knows.
@Suite struct ClientAddressTests {
  /// Names under this key, from Python's `hmac`: its id and those of 203.0.113.7 and 2001:db8::7.
  private static let key = "0123456789abcdef0123456789abcdef"
  private static let names = [
    "pseudonym-e0cdddb8-55a7c9ba39c762e9", "pseudonym-e0cdddb8-84e100c1f0605c73",
  ]

  private static func line(_ address: String, _ id: Int) -> String {
    """
    [2026-11-20T02:37:34.31\(id)Z] "GET /v1/a HTTP/1.1" 200 - via_upstream - "-" 0 31 4 4 "-" "sdk" \
    "6527e04c-c378-47e2-b6b2-72d889a3dd2\(id)" "ledger.tools" "10.1.0.9:8080" inbound|8080|| \
    127.0.0.6:1 10.1.0.9:8080 \(address) - default

    """
  }

  private static let log =
    line("203.0.113.7:4000", 0) + line("203.0.113.7:4001", 1) + line("[2001:DB8:0::7]:4002", 2)

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("ingress.log", Self.log)
    try scratch.write("address.key", Self.key + "\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: scratch.url("address.key").path)
    return scratch
  }

  private func sources(in scratch: Scratch, _ options: String) async throws -> [String] {
    let result = try await MeshAuditProgram.shell(
      "rm -f a.sqlite; exec \"$MESHAUDIT\" audit mesh ingress.log --rule LP-052 "
        + "--as-of 2026-11-21T00:00:00Z --database a.sqlite --output out \(options)",
      in: scratch.path)
    expectExit(0, result)
    return try await MeshAuditProgram.rows(
      "select source_host from observed_request order by 1", in: scratch, database: "a.sqlite")
  }

  @Test func sameKeyGivesTheSameNamesOverRunsAndSummaries() async throws {
    let scratch = try scratch()
    let fromFile = try await sources(in: scratch, "--addresses pseudonym --address-key address.key")
    #expect(fromFile.count == 2)
    for name in Self.names { #expect(fromFile.contains { $0.contains(name) }, "\(fromFile)") }
    let note = try await MeshAuditProgram.rows(
      "select message from diagnostic where code = 'address-pseudonyms'", in: scratch,
      database: "a.sqlite")
    #expect(note.count == 1)
    #expect(note.first?.contains("e0cdddb8") == true)

    // From the environment, in a summary that an audit resolves no further.
    let summary = try await MeshAuditProgram.shell(
      "MESHAUDIT_ADDRESS_KEY=\(Self.key) \"$MESHAUDIT\" summarize ingress.log --manifests mesh "
        + "--addresses pseudonym --out ingress.jsonl --quiet && mv ingress.jsonl ingress.log",
      in: scratch.path)
    expectExit(0, summary)
    #expect(try await sources(in: scratch, "") == fromFile)
  }

  @Test func configurationNamesTheKeyFile() async throws {
    let scratch = try scratch()
    try scratch.write(
      "meshaudit.yaml", "meshaudit: 1\naddresses: pseudonym\naddress-key: address.key\n")
    let named = try await sources(in: scratch, "")
    #expect(named.contains { $0.contains(Self.names[0]) }, "\(named)")
  }

  @Test func nothingOfAddressesOrTheKeyIsStored() async throws {
    let scratch = try scratch()
    for options in ["", "--addresses omit", "--addresses pseudonym --address-key address.key"] {
      _ = try await sources(in: scratch, options)
      for name in scratch.files() where name.hasPrefix("out/") || name.hasPrefix("a.sqlite") {
        let text = String(decoding: try scratch.data(name), as: UTF8.self)
        #expect(!text.contains("203.0.113"), "\(name) \(options)")
        #expect(!text.contains(Self.key), "\(name) \(options)")
        #expect(!text.contains("address.key"), "\(name) \(options)")
      }
    }
  }

  @Test func networksAndAddressesAreKeptWhenAskedFor() async throws {
    let scratch = try scratch()
    let networks = try await sources(in: scratch, "--addresses network")
    #expect(networks.contains { $0.contains("203.0.113.0/24") }, "\(networks)")
    let addresses = try await sources(in: scratch, "--addresses keep")
    #expect(addresses.contains { $0.contains("203.0.113.7") }, "\(addresses)")
  }

  @Test(arguments: [
    ("--addresses pseudonym", "there is none"),
    ("--addresses pseudonym --address-key nope", "there is no key file \"nope\""),
    ("--addresses pseudonym --address-key short.key", "has 8 bytes; expected at least 16"),
    ("--addresses keep --address-key address.key", "client addresses are to be kept"),
    ("--addresses pseudonym --address-key open.key", "others may read the key \"open.key\""),
  ])
  func keysThatCannotServeAreRefused(options: String, message: String) async throws {
    let scratch = try scratch()
    try scratch.write("short.key", "12345678\n")
    try scratch.write("open.key", Self.key)
    let result = try await MeshAuditProgram.shell(
      "chmod 600 short.key; chmod 644 open.key; "
        + "exec \"$MESHAUDIT\" audit mesh ingress.log --rule LP-052 \(options)",
      in: scratch.path)
    expectExit(64, result)
    expectSaid(message, result.errors)
    #expect(!result.errors.contains(Self.key))
  }
}
