import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

/// The provisions that concern one AI system.
@Suite struct ProvisionsSectionTests {
  private static func system(
    _ riskClass: AISystem.RiskClass, route: String?, roles: [AISystem.Role] = [.deployer]
  ) -> AuditReport.SystemLine {
    AuditReport.SystemLine(
      id: "ai-1", tradeName: "Credit Advice", riskClass: riskClass, roles: roles, route: route,
      owner: "credit team", workloads: [])
  }

  private static func control(
    _ label: String, roles: [String] = [], routes: [String] = [""], rules: [String] = ["LP-001"]
  ) -> Control {
    Control(
      id: label, label: label, title: "title of \(label)", roles: roles,
      appliesFrom: routes.map { .init(route: $0, from: "2027-12-02") },
      mappings: rules.map { .init(ruleID: $0, effects: [.supports, .contradicts]) })
  }

  private static func finding(
    _ status: FindingStatus, subject: String, systems: [String]
  ) -> Finding {
    Finding(
      ruleID: "LP-001", subject: subject, status: status, severity: .high,
      message: "message on \(subject)", fingerprint: subject, systemIDs: systems)
  }

  /// Article 113: what depends on high risk applies by the route on which a system is high-risk.
  @Test(
    arguments: [
      (.high, "annex-iii", ["annex-iii"], true), (.high, "annex-i", ["annex-iii"], false),
      (.high, nil, ["annex-iii", "annex-i"], false), (.minimal, "annex-iii", ["annex-iii"], false),
      (.minimal, nil, [""], true), (.high, "annex-iii", [], false),
    ] as [(AISystem.RiskClass, String?, [String], Bool)])
  func routeDecides(
    riskClass: AISystem.RiskClass, route: String?, routes: [String], concerns: Bool
  ) {
    let system = Self.system(riskClass, route: route)
    #expect(Self.control("Article 1", routes: routes).concerns(system) == concerns)
  }

  @Test func roleDecides() {
    let system = Self.system(.high, route: "annex-iii", roles: [.deployer])
    #expect(Self.control("Article 1", roles: []).concerns(system))
    #expect(Self.control("Article 1", roles: ["provider", "deployer"]).concerns(system))
    #expect(!Self.control("Article 1", roles: ["provider"]).concerns(system))
  }

  @Test func onlyWhatSpeaksOfTheSystemCounts() {
    func outcome(_ findings: [Finding]) -> ControlBearing.Outcome {
      var report = SyntheticReport.report
      report.findings = findings
      let figures = ReportFigures(report, minimumCoverage: 1)
      return ControlBearing(Self.control("Article 1"), in: figures, on: "ai-1").outcome
    }
    #expect(outcome([Self.finding(.fail, subject: "a", systems: ["ai-2"])]) == .noBearing)
    #expect(outcome([Self.finding(.fail, subject: "mesh", systems: [])]) == .noBearing)
    #expect(
      outcome([Self.finding(.fail, subject: "a", systems: ["ai-2", "ai-1"])]) == .contradicts)
    // A rule that could not be assessed at all is open for every system.
    let open = Self.finding(.notAssessed, subject: "(rule)", systems: [])
    #expect(outcome([Self.finding(.pass, subject: "a", systems: ["ai-1"]), open]) == .notAssessed)
  }

  @Test func pageTellsWhatWasFoundAndWhatWasNotLookedAt() throws {
    var report = SyntheticReport.report
    report.systems = [Self.system(.high, route: "annex-iii")]
    report.findings = [
      Self.finding(.fail, subject: "a", systems: ["ai-1"]),
      Self.finding(.fail, subject: "b", systems: ["ai-1"]),
      Self.finding(.fail, subject: "other", systems: ["ai-2"]),
    ]
    report.frameworks = [
      Framework(
        id: "law", title: "A law", edition: "1", source: "https://example.org/law",
        controls: [
          Self.control("Article 1"), Self.control("Article 2", rules: []),
          Self.control("Article 3", roles: ["provider"]),
        ])
    ]
    let page = try HTMLReportTests.text(report)
    let chapter = try #require(
      page.components(separatedBy: "<caption>Provisions that concern Credit Advice</caption>").last)
    #expect(page.contains("A law: 2 provisions concern this system"))
    #expect(page.contains("The run has evidence on 1."))
    #expect(chapter.contains("contradicts: message on a (and 1 more)"))
    #expect(page.contains("Nothing that this run looked at tells of: Article 2."))
    #expect(chapter.contains("2027-12-02</time> (not yet)"))
  }
}
