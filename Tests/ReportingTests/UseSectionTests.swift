import AuditModel
import MeshModel
import Testing

@testable import Reporting

@Suite struct UseSectionTests {
  @Test func ratesStandWithTheirWindowAndRows() throws {
    let text = try HTMLReportTests.text(SyntheticReport.report)
    #expect(text.contains("Granted and used"))
    #expect(
      text.contains(
        "The mesh refused 51 requests since 2026-11-10; of 7 the logs do not carry enough to decide."
      ))
    #expect(text.contains("refuse 41 of 44 as well"))
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

  @Test func leastUsedComesFirstAndWhatIsNotKnownLast() throws {
    let text = try HTMLReportTests.text(SyntheticReport.report)
    let section = text[try #require(text.firstRange(of: "the least used first")).upperBound...]
    func place(_ workload: String) throws -> String.Index {
      try #require(section.firstRange(of: workload)).lowerBound
    }
    #expect(try place("models/embedding") < place("agents/planner"))
    #expect(try place("agents/planner") < place("tools/browser"))
    // Nothing that was seen there is decided: its use is not 0 %.
    let row = section[try place("tools/browser")...].prefix { $0 != "\n" }
    #expect(row.contains("not known"))
  }

  @Test func fullAgreementIsNeverRoundedUpTo() {
    var line = AccessUse.RefusalLine(workload: "a/b", deniedBy: nil, lastSeen: SyntheticReport.now)
    line.agreedCount = 999
    line.allowedCount = 1
    let use = AccessUse(workloads: [], refusals: [line], refusalsSince: SyntheticReport.now)
    #expect(use.agreementPercent == 99)
  }
}
