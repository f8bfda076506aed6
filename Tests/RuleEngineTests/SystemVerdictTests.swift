import AuditModel
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct SystemVerdictTests {
  private func finding(
    _ status: FindingStatus, of rule: String = "LP-001", subject: String = "workload a/b",
    systems: [String] = ["ai-1"]
  ) -> Finding {
    Finding(
      ruleID: rule, subject: subject, status: status, severity: .high, message: "m",
      fingerprint: "", systemIDs: systems)
  }

  private func status(_ findings: [Finding]) -> RuleRow.Status? {
    SystemVerdict.verdicts(on: ["ai-1"], from: findings).first?.status
  }

  @Test func oneFailureFailsTheSystem() {
    #expect(status([finding(.pass), finding(.notAssessed), finding(.fail)]) == .fail)
  }

  @Test func whatCouldNotBeJudgedIsNeverGreen() {
    #expect(status([finding(.pass), finding(.notAssessed)]) == .notAssessed)
    #expect(status([finding(.pass), finding(.error)]) == .notAssessed)
  }

  @Test func ruleWithoutInputIsOpenForEverySystem() {
    let whole = finding(.notAssessed, of: "LP-056", subject: "(rule)", systems: [])
    #expect(status([finding(.pass), whole]) == .notAssessed)
  }

  @Test func systemWithoutSubjectsIsNoSubject() {
    #expect(status([]) == .notApplicable)
    #expect(status([finding(.fail, systems: ["ai-2"])]) == .notApplicable)
    #expect(status([finding(.notApplicable, subject: "(rule)", systems: [])]) == .notApplicable)
  }

  @Test func messageNamesTheMostUrgentAndCountsTheRest() throws {
    var mild = finding(.fail, of: "LP-005")
    mild.severity = .low
    mild.message = "mild"
    let findings = [mild, finding(.fail), finding(.pass), finding(.notAssessed, of: "RK-002")]
    let verdict = try #require(SystemVerdict.verdicts(on: ["ai-1"], from: findings).first)
    #expect(verdict.message == "m (and 1 more)")
    let evidence = try #require(verdict.json["evidence"])
    #expect(
      evidence["failing"]
        == .array([.string("LP-001 workload a/b"), .string("LP-005 workload a/b")]))
    #expect(evidence["not_assessed"] == .array([.string("RK-002 workload a/b")]))
    #expect(evidence["passing"] == .int(1))
  }

  @Test func messageOfAnOpenVerdictNamesTheRule() {
    let open = SystemVerdict.verdicts(
      on: ["ai-1"], from: [finding(.pass), finding(.notAssessed, of: "RK-002")])
    #expect(open.first?.message == "not assessed for system \"ai-1\" by RK-002: m")
    let passing = SystemVerdict.verdicts(on: ["ai-1"], from: [finding(.pass)])
    #expect(passing.first?.message == nil)
  }

  /// Whatever inherited rules find, in whatever order, a verdict never disagrees with them.
  @Test func verdictAgreesWithTheFindings() {
    var seed: UInt64 = 0x5EED
    func next(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    let systems = ["ai-1", "ai-2", "ai-3"]
    for round in 0..<500 {
      var findings = (0..<next(8)).map { _ in
        finding(
          FindingStatus.allCases[next(FindingStatus.allCases.count)],
          systems: systems.filter { _ in next(2) == 0 })
      }
      let verdicts = SystemVerdict.verdicts(on: systems, from: findings)
      #expect(verdicts.map(\.systemID) == systems)
      for verdict in verdicts {
        let own = findings.filter { $0.systemIDs.contains(verdict.systemID) }
        let fails = own.contains { $0.status == .fail || $0.status == .waived }
        let isOpen = own.contains { $0.status == .notAssessed || $0.status == .error }
        let passes = own.contains { $0.status == .pass }
        #expect((verdict.status == .fail) == fails, "round \(round)")
        #expect((verdict.status == .pass) == (passes && !fails && !isOpen), "round \(round)")
        #expect((verdict.status == .notAssessed) == (isOpen && !fails), "round \(round)")
      }
      findings.reverse()
      #expect(
        SystemVerdict.verdicts(on: systems, from: findings).map(\.status)
          == verdicts.map(\.status), "round \(round)")
    }
  }
}
