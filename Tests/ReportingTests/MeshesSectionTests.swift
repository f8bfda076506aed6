import AuditModel
import Testing

@testable import Reporting

/// The chapter that puts the meshes side by side.
@Suite struct MeshesSectionTests {
  @Test func everyMeasureHasItsWordsOnce() {
    let named = MeshMeasureWords.chapters.flatMap(\.measures).map(\.measure)
    #expect(named.count == MeshComparison.Measure.allCases.count)
    #expect(Set(named) == Set(MeshComparison.Measure.allCases))
  }

  @Test func whatIsOutsideStandsLastAndWhatIsNotKnownIsADash() throws {
    let page = try HTMLReportTests.text(SyntheticReport.report)
    let places = try ["Istio</th>", "Linkerd</th>", "Outside</th>"].map {
      try #require(page.firstRange(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
    #expect(page.contains(">1,199 of 1,400 (85 %)</td>"))
    #expect(page.contains(">0 of 7 (0 %)</td><td class=\"number zero\">–</td>"))
    // A chapter without a figure is not there.
    #expect(!page.contains("<caption>Certificates</caption>"))
  }

  @Test func withoutWorkloadsThereIsNoTable() throws {
    var report = SyntheticReport.report
    report.meshes = MeshComparison(figures: [])
    #expect(try HTMLReportTests.text(report).contains("No workload is known."))
    report.meshes = nil
    #expect(try HTMLReportTests.text(report).contains("No workload is known."))
  }
}
