import AuditModel
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct WaiverApplicationTests {
  private func waiver(
    rules: [String] = ["LP-900"], subject: String? = "workload agents/planner",
    fingerprint: String? = nil, maxMatches: Int? = nil, approvers: [String] = ["officer"],
    created: String = "2026-10-01", expires: String = "2026-12-31"
  ) throws -> Waiver {
    Waiver(
      id: "WV-1", rules: rules, subject: subject, fingerprint: fingerprint, maxMatches: maxMatches,
      justification: "j", compensating: [], ticket: nil, owner: "team",
      approvals: approvers.map { .init(name: $0) }, created: try #require(UTCTime(created)),
      expires: try #require(UTCTime(expires)), location: SourceLocation(path: "waivers.yaml"))
  }

  private let findings = [
    finding("workload agents/planner"), finding("workload agents/retriever"),
    finding("workload tools/browser", .pass),
  ]

  private func apply(_ waiver: Waiver, to list: [Finding]? = nil) -> [Finding] {
    WaiverApplication.apply(
      [waiver], to: list ?? findings, knownRules: ["LP-900", "RK-012", "AI-005"], asOf: asOf,
      hash: testHash)
  }

  private func failedChecks(_ result: [Finding]) -> [String] {
    result.filter { $0.ruleID.hasPrefix("MA-") && $0.status == .fail }.map(\.ruleID).sorted()
  }

  private func waived(_ result: [Finding]) -> [String] {
    result.filter { $0.status == .waived }.map(\.subject)
  }

  @Test func liveWaiverAccepts() throws {
    let result = apply(try waiver())
    #expect(waived(result) == ["workload agents/planner"])
    #expect(result.first { $0.status == .waived }?.waiverID == "WV-1")
    #expect(failedChecks(result) == [])
  }

  @Test func fingerprintAccepts() throws {
    let result = apply(try waiver(subject: nil, fingerprint: findings[1].fingerprint))
    #expect(waived(result) == ["workload agents/retriever"])
  }

  @Test func lastDayBelongsToTheWaiver() throws {
    #expect(waived(apply(try waiver(expires: "2026-11-20"))) == ["workload agents/planner"])
    let over = apply(try waiver(expires: "2026-11-19"))
    #expect(waived(over) == [])
    #expect(failedChecks(over) == ["MA-W01"])
  }

  @Test func nearEndIsReportedAndStillAccepts() throws {
    let result = apply(try waiver(expires: "2026-12-03"))
    #expect(waived(result).count == 1)
    #expect(failedChecks(result) == ["MA-W02"])
    #expect(failedChecks(apply(try waiver(expires: "2026-12-04"))) == [])
  }

  @Test func unusedWaiverIsReported() throws {
    #expect(failedChecks(apply(try waiver(subject: "workload tools/browser"))) == ["MA-W03"])
  }

  @Test func unknownAndUnwaivableRulesAreReported() throws {
    #expect(failedChecks(apply(try waiver(rules: ["LP-999"]))) == ["MA-W04"])
    let list = [finding("run", rule: "RK-012"), finding("run", rule: "AI-005")]
    for rule in ["RK-012", "AI-005", "MA-W01"] {
      let result = apply(try waiver(rules: [rule], subject: "run"), to: list)
      #expect(failedChecks(result) == ["MA-W04"])
      #expect(waived(result) == [])
    }
  }

  @Test func moreMatchesThanApprovedAcceptNothing() throws {
    let broad = apply(try waiver(subject: "workload agents/*", maxMatches: 1))
    #expect(waived(broad) == [])
    #expect(failedChecks(broad) == ["MA-W05"])
    let fitting = apply(try waiver(subject: "workload agents/*", maxMatches: 2))
    #expect(waived(fitting).count == 2)
  }

  @Test func globWithoutACountMatchesNothing() throws {
    #expect(failedChecks(apply(try waiver(subject: "workload *"))) == ["MA-W03"])
  }

  @Test func ownerCannotApprove() throws {
    for approvers in [[], ["team"]] {
      let result = apply(try waiver(approvers: approvers))
      #expect(waived(result) == [])
      #expect(failedChecks(result) == ["MA-W06"])
    }
  }

  @Test func highFindingsNeedTwo() throws {
    let list = [finding("workload agents/planner", severity: .high)]
    #expect(failedChecks(apply(try waiver(expires: "2026-12-20"), to: list)) == ["MA-W06"])
    let both = apply(try waiver(approvers: ["a", "b"], expires: "2026-12-20"), to: list)
    #expect(waived(both).count == 1)
    #expect(failedChecks(both) == [])
  }

  @Test func overlongWaiverEndsAtTheLongestTime() throws {
    let young = apply(try waiver(created: "2026-10-01", expires: "2027-10-01"))
    #expect(waived(young).count == 1)
    #expect(failedChecks(young) == ["MA-W07"])
    let old = apply(try waiver(created: "2026-05-01", expires: "2027-10-01"))
    #expect(waived(old) == [])
    #expect(failedChecks(old) == ["MA-W07"])
  }
}
