import MeshModel
import Testing

@testable import CertificateReader

/// SPIRE v1.15.3, cmd/spire-server/cli/entry/util.go, `printEntry`.
@Suite struct SPIREEntryTextTests {
  private static let text = """
    Found 2 entries
    Entry ID                : c9f6
    SPIFFE ID               : spiffe://prod.example/ns/agents/sa/planner
    Parent ID               : spiffe://prod.example/spire/agent/k8s_psat/eu-1/2b0c
    Revision                : 1
    X509-SVID TTL           : 3600
    JWT-SVID TTL            : default
    Expiration time         : 2026-11-20 10:00:00 +0000 UTC
    Selector                : k8s:sa:planner
    Selector                : k8s:ns:agents
    FederatesWith           : partner.example
    DNS name                : planner.agents.svc
    Admin                   : true
    Hint                    : first

    Entry ID                : d1
    SPIFFE ID               : spiffe://prod.example/nested
    Parent ID               : spiffe://prod.example/spire/server
    Revision                : 0
    Downstream              : true
    X509-SVID TTL           : default
    JWT-SVID TTL            : 300

    """

  private func read(_ text: String) -> (CertificateInventory, DiagnosticSink) {
    let sink = DiagnosticSink()
    let bytes = Array(text.utf8)
    #expect(CertificateReader.recognises(bytes) == .spireEntryText)
    return (CertificateReader.read(bytes, path: "entries.txt", into: sink), sink)
  }

  @Test(arguments: ["\n", "\r\n"]) func everyFieldIsRead(newline: String) throws {
    let (inventory, sink) = read(Self.text.replacing("\n", with: newline))
    #expect(sink.diagnostics.isEmpty && inventory.itemCount == 2)
    let entry = try #require(inventory.registrationEntries.first)
    #expect(entry.id == "c9f6" && entry.spiffeID == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(entry.parentID == "spiffe://prod.example/spire/agent/k8s_psat/eu-1/2b0c")
    #expect(entry.x509TTLSeconds == 3600 && entry.jwtTTLSeconds == 0)
    #expect(entry.expiresAt == UTCTime("2026-11-20T10:00:00Z"))
    #expect(entry.selectors == ["k8s:ns:agents", "k8s:sa:planner"])
    #expect(entry.federatesWith == ["partner.example"] && entry.dnsNames == ["planner.agents.svc"])
    #expect(entry.isAdmin && !entry.isDownstream && entry.hint == "first")
    #expect(entry.location == SourceLocation(path: "entries.txt", line: 2, column: 1))
    let nested = inventory.registrationEntries[1]
    #expect(nested.isDownstream && nested.jwtTTLSeconds == 300 && nested.selectors.isEmpty)
  }

  @Test func anEntryWithoutIDIsReported() {
    let text = Self.text + "Entry ID                : broken\nParent ID : spiffe://prod.example/a\n"
    let (inventory, sink) = read(text)
    #expect(inventory.registrationEntries.count == 2 && inventory.itemCount == 3)
    #expect(sink.diagnostics.map(\.code) == ["wrong-type"])
  }

  @Test func otherTextIsNotTaken() {
    for text in ["Entry ID: x\n", "SPIFFE ID : spiffe://a/b\n", "a: b\n"] {
      #expect(CertificateReader.recognises(Array(text.utf8)) == nil)
    }
  }
}
