import AuditModel
import MeshModel
import Testing

@testable import Reporting

@Suite struct ControlBearingTests {
  private static func bearing(
    _ statuses: [FindingStatus], _ effects: [Control.Effect], routes: [String] = [],
    systems: [String] = [], needsRegister: Bool = false
  ) -> ControlBearing {
    var report = SyntheticReport.report
    report.findings = statuses.enumerated().map {
      Finding(
        ruleID: "LP-001", subject: "s\($0)", status: $1, severity: .high, message: "",
        fingerprint: "\($0)", systemIDs: systems)
    }
    if needsRegister {
      for index in report.rules.indices where report.rules[index].id == "LP-001" {
        report.rules[index].needs = [.register]
      }
    }
    let control = Control(
      id: "c", label: "C", title: "",
      appliesFrom: routes.map { .init(route: $0, from: "2027-12-02") },
      mappings: [.init(ruleID: "LP-001", effects: effects)])
    return ControlBearing(control, in: ReportFigures(report, minimumCoverage: 1))
  }

  @Test(
    arguments: [
      ([.pass, .fail], [.supports, .contradicts], .contradicts),
      ([.pass, .waived], [.contradicts], .contradicts),
      ([.pass, .notAssessed], [.supports], .notAssessed),
      ([.pass, .error], [.supports], .notAssessed),
      ([.pass], [.supports, .contradicts], .supports),
      ([.pass], [.contradicts], .noBearing),
      ([.fail], [.supports], .noBearing),
      ([.pass], [.documents], .documentPresent),
      ([.fail], [.documents], .documentAbsent),
      ([.notApplicable], [.supports, .contradicts], .noBearing),
      ([], [.supports], .noBearing),
    ] as [([FindingStatus], [Control.Effect], ControlBearing.Outcome)])
  func weighsResults(
    statuses: [FindingStatus], effects: [Control.Effect], outcome: ControlBearing.Outcome
  ) {
    #expect(ControlBearingTests.bearing(statuses, effects).outcome == outcome)
  }

  @Test func waivedAloneIsMarked() {
    #expect(ControlBearingTests.bearing([.waived], [.contradicts]).isWaived)
    #expect(!ControlBearingTests.bearing([.waived, .fail], [.contradicts]).isWaived)
  }

  /// A rule about workloads bears on a routed provision through systems of that route only.
  @Test func routesLimitWhatCounts() {
    func outcome(_ systems: [String], _ needsRegister: Bool = false) -> ControlBearing.Outcome {
      ControlBearingTests.bearing(
        [.fail], [.contradicts], routes: ["annex-iii"], systems: systems,
        needsRegister: needsRegister
      ).outcome
    }
    #expect(outcome([]) == .noBearing)
    #expect(outcome(["ai-020"]) == .noBearing)
    #expect(outcome(["ai-017"]) == .contradicts)
    #expect(outcome([], true) == .contradicts)
  }
}
