import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

@Suite struct CertificatesSectionTests {
  private static func time(_ text: String) throws -> UTCTime { try #require(UTCTime(text)) }

  private static func report(_ name: String = "spiffe://prod.example/ns/agents/sa/planner") throws
    -> AuditReport
  {
    var report = SyntheticReport.clean
    report.certificates = CertificateOverview(domains: [
      .init(
        trustDomain: "prod.example",
        authorities: [
          .init(
            name: "CN=prod issuing", role: .intermediate,
            notBefore: try time("2026-01-01T00:00:00Z"), notAfter: try time("2026-12-28T00:00:00Z"),
            chainCount: 1),
          .init(
            name: "CN=prod root", role: .anchor, notBefore: try time("2024-01-01T00:00:00Z"),
            notAfter: try time("2034-01-01T00:00:00Z"), chainCount: 1),
        ],
        identities: [
          .init(
            name: name, serial: "5afe", notBefore: try time("2026-11-24T00:00:00Z"),
            notAfter: try time("2026-11-25T00:00:00Z"), chain: .complete, certificateCount: 3,
            longestGapSeconds: 5_400, keepsKey: false)
        ], identityCount: 1),
      .init(
        trustDomain: nil, authorities: [],
        identities: [
          .init(
            name: "assist.prod.example", serial: nil, notBefore: nil, notAfter: nil,
            chain: .missingIssuer, certificateCount: 1, longestGapSeconds: nil, keepsKey: nil)
        ], identityCount: 1),
    ])
    return report
  }

  @Test func tellsEachTrustDomain() throws {
    let bytes = try HTMLReportTests.page(try Self.report())
    #expect(XMLDocument.flaw(in: bytes) == nil)
    let page = String(decoding: bytes, as: UTF8.self)
    #expect(page.contains("Trust domain <code>prod.example</code>"))
    #expect(page.contains("CN=prod issuing · until 2026-12-28"))
    #expect(page.contains("<td>90 min</td>"))
    #expect(page.contains(" of 24 h</td>"))
    #expect(page.contains("issuer not given"))
    #expect(page.contains("not told"))
  }

  @Test func tellsWhatWasFollowedAndWhatIsOverdue() throws {
    var report = try Self.report()
    let asOf = report.run.asOf
    var domain = try #require(report.certificates?.domains.first)
    let issuing = try #require(domain.authorities.first)
    var next = issuing
    next.notAfter = issuing.notAfter?.adding(days: 300)
    domain.authorities = [issuing, next]
    domain.identities[0].notBefore = asOf.adding(days: -25)
    domain.identities[0].notAfter = asOf.adding(days: 5)
    report.certificates?.domains = [domain]
    let page = try HTMLReportTests.text(report)
    #expect(page.contains("<td>followed by a newer one</td>"))
    #expect(!page.contains("CN=prod issuing · until 2026-12-28"))
    #expect(page.contains("<td>5 of 30 days, renewal overdue</td>"))
    domain.identities[0].notAfter = asOf.adding(days: -1)
    report.certificates?.domains = [domain]
    #expect(try HTMLReportTests.text(report).contains("<td>ended, of 24 days</td>"))
  }

  @Test func drawsWithAttributesOnly() throws {
    let page = try HTMLReportTests.text(try Self.report())
    #expect(page.contains("fill=\"#c2542d\""))
    #expect(!page.contains(" style="))
  }

  @Test(arguments: SyntheticReport.hostileSubjects) func hostileNamesAreText(_ name: String) throws
  {
    let bytes = try HTMLReportTests.page(try Self.report(name))
    #expect(XMLDocument.flaw(in: bytes) == nil)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("<script"))
  }

  @Test func saysWhenNoneWasGiven() throws {
    #expect(try HTMLReportTests.text(SyntheticReport.clean).contains("No certificate was given"))
  }

  @Test func reportsWithoutTheChapterAreStillRead() throws {
    var report = SyntheticReport.clean
    report.certificates = nil
    let data = try JSONRoundTrip.encoded(report)
    #expect(!data.contains("certificates\":{"))
    #expect(try JSONRoundTrip.decoded(data).certificates == nil)
  }
}

/// A report through its stored form.
private enum JSONRoundTrip {
  static func encoded(_ report: AuditReport) throws -> String {
    String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
  }

  static func decoded(_ text: String) throws -> AuditReport {
    try JSONDecoder().decode(AuditReport.self, from: Data(text.utf8))
  }
}
