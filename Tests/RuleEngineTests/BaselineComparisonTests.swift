import AuditModel
import Testing

@testable import RuleEngine

@Suite struct BaselineComparisonTests {
  private let planner = finding("workload agents/planner")
  private let browser = finding("workload tools/browser")

  private func passed(_ finding: Finding) -> Finding {
    var passed = finding
    passed.status = .pass
    return passed
  }

  @Test func failureThatWasThereIsUnchanged() {
    let baseline = Baseline(findings: [planner, passed(browser)], scope: ["agents"])
    let comparison = BaselineComparison(
      baseline: baseline, findings: [planner, browser], scope: ["agents"])
    #expect(comparison.unchanged == [planner.fingerprint])
    #expect(comparison.new == [browser.fingerprint])
    #expect(comparison.marking([planner, browser]).map(\.isNew) == [false, true])
  }

  @Test func passIsResolved() {
    let baseline = Baseline(findings: [planner], scope: ["agents"])
    let comparison = BaselineComparison(
      baseline: baseline, findings: [passed(planner)], scope: ["agents"])
    #expect(comparison.resolved.map(\.subject) == ["workload agents/planner"])
  }

  @Test func goneIsResolvedOnlyWithinTheSameScope() {
    let baseline = Baseline(findings: [planner], scope: ["agents", "tools"])
    let same = BaselineComparison(
      baseline: baseline, findings: [passed(browser)], scope: ["agents", "tools"])
    #expect(same.resolved.count == 1)
    let less = BaselineComparison(
      baseline: baseline, findings: [passed(browser)], scope: ["tools"])
    #expect(less.resolved.isEmpty)
    #expect(less.outOfSight.count == 1)
  }

  @Test func ruleThatWasNotAssessedNowResolvesNothing() {
    let baseline = Baseline(findings: [planner], scope: [])
    let comparison = BaselineComparison(
      baseline: baseline, findings: [finding("(rule)", .notAssessed)], scope: [])
    #expect(comparison.resolved.isEmpty)
    #expect(comparison.outOfSight.count == 1)
  }

  @Test func failureOfARuleThatTheBaselineDidNotAssessIsIncomparable() {
    let baseline = Baseline(findings: [finding("(rule)", .error)], scope: [])
    let comparison = BaselineComparison(baseline: baseline, findings: [planner], scope: [])
    #expect(comparison.new.isEmpty)
    #expect(comparison.incomparable == [planner.fingerprint])
    #expect(comparison.marking([planner]).map(\.isNew) == [true])
  }
}
