import AuditModel
import MeshModel
import Testing

@testable import Reporting

@Suite struct UseSectionTests {
  @Test func ratesStandWithTheirWindowAndRows() throws {
    let text = try HTMLReportTests.text(SyntheticReport.report)
    #expect(text.contains("Granted and used"))
    #expect(text.contains("Of 44 requests that the mesh refused since 2026-11-10"))
    #expect(text.contains("93 % agreement"))
    #expect(text.contains("ns[agents]-policy[no-deletes]-rule[0]"))
    #expect(text.contains("no named policy"))
  }

  @Test func withoutTrafficNothingIsClaimed() throws {
    var report = SyntheticReport.report
    report.use = nil
    let text = try HTMLReportTests.text(report)
    #expect(text.contains("what is used is not known"))
    #expect(!text.contains("agreement"))
  }

  @Test func leastUsedComesFirst() throws {
    let text = try HTMLReportTests.text(SyntheticReport.report)
    let section = text[try #require(text.firstRange(of: "the least used first")).upperBound...]
    let browser = try #require(section.firstRange(of: "tools/browser"))
    let planner = try #require(section.firstRange(of: "agents/planner"))
    #expect(browser.lowerBound < planner.lowerBound)
  }

  @Test func fullAgreementIsNeverRoundedUpTo() {
    var line = AccessUse.RefusalLine(workload: "a/b", deniedBy: nil, lastSeen: SyntheticReport.now)
    line.agreedCount = 999
    line.allowedCount = 1
    let use = AccessUse(workloads: [], refusals: [line], refusalsSince: SyntheticReport.now)
    #expect(use.agreementPercent == 99)
  }
}
