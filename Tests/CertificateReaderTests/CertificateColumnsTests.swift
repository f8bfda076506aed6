import MeshModel
import Testing

@testable import CertificateReader

@Suite struct CertificateColumnsTests {
  private static let csv = """
    Dienst;Ablaufdatum;Serien-Nr.;Bemerkung
    spiffe://prod.example/ns/agents/sa/planner;2026-11-21T00:00:00Z;0a1b;
    spiffe://prod.example/ns/tools/sa/browser;morgen;0a1c;fragen

    """

  private func columns(_ declared: [String: String]) throws -> CertificateColumns {
    var columns = CertificateColumns()
    for (heading, name) in declared {
      let isKnown = columns.declare(heading, as: name)
      try #require(isKnown)
    }
    return columns
  }

  @Test func declaredHeadingsAreRead() throws {
    let columns = try columns(["dienst": "san", "ABLAUFDATUM": "not_after", "Serien Nr": "serial"])
    let bytes = Array(Self.csv.utf8)
    #expect(CertificateReader.recognisesTable(bytes, columns: columns))
    let sink = DiagnosticSink()
    let inventory = CertificateReader.readTable(
      bytes, path: "a.csv", columns: columns, into: sink)
    #expect(inventory.certificates.map(\.facts.serial) == ["0a1b", "0a1c"])
    #expect(
      inventory.certificates[0].facts.spiffeID?.description
        == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(inventory.certificates[0].facts.notAfter?.text == "2026-11-21T00:00:00Z")
    #expect(sink.diagnostics.map(\.location?.line) == [3])
    #expect(sink.diagnostics[0].message.contains("\"morgen\""))
  }

  @Test func withoutEnoughOfThemItIsNoInventory() throws {
    let bytes = Array(Self.csv.utf8)
    #expect(!CertificateReader.recognisesTable(bytes, columns: CertificateColumns()))
    #expect(!CertificateReader.recognisesTable(bytes, columns: try columns(["Dienst": "san"])))
    #expect(CertificateReader.recognises(bytes) == nil)
  }

  @Test func aDeclarationStandsOverAKnownHeading() throws {
    let text =
      "\u{FEFF}name,expires,real end,serial\na,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,1\n"
    let columns = try columns(["real end": "not_after", "expires": "not_before"])
    let inventory = CertificateReader.readTable(
      Array(text.utf8), path: "a.csv", columns: columns, into: DiagnosticSink())
    #expect(inventory.certificates.first?.facts.notAfter?.text == "2027-01-01T00:00:00Z")
    #expect(inventory.certificates.first?.facts.notBefore?.text == "2026-01-01T00:00:00Z")
  }

  @Test func everyNameIsAColumnAndNoOtherIs() {
    for name in CertificateColumns.names {
      var columns = CertificateColumns()
      let isKnown = columns.declare("x", as: name)
      #expect(isKnown, "\(name)")
    }
    var columns = CertificateColumns()
    let isKnown = columns.declare("x", as: "colour")
    #expect(!isKnown)
    #expect(Set(CertificateColumns.names).count == CertificateTable.Column.allCases.count)
  }
}
