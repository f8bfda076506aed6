import AuditModel
import MeshModel

/// What this report does not say, and the words it uses.
extension OfficerPage {
  func writeLimits(_ page: inout HTMLWriter) {
    let scope = report.scope
    page.element("ul") { page in
      var limits = [
        "Absence of findings is not a statement of conformity. The tool relates evidence to "
          + "provisions; it does not decide whether an obligation is met.",
        "Decisions are computed from the configuration that was given, under the documented "
          + "semantics of the mesh. Configuration that was not given is not in them.",
        "Evidence from the AI system register shows what the organisation declared, not that it "
          + "is so.",
      ]
      if scope.trafficFirst == nil {
        limits.append("No access logs were given: nothing here speaks of what was really called.")
      } else {
        limits.append(
          "What was called is known for the observation window only, and only for workloads whose "
            + "logs were given. A grant that was not used in the window may be needed outside it.")
      }
      if let percent = figures.verifiedPercent, percent < 100 {
        limits.append(
          "\(percent) % of the observed requests carry a verified source identity; for the others "
            + "the source is inferred or unknown.")
      }
      if !figures.unassessedRuleIDs.isEmpty {
        limits.append(
          "\(Count.of(figures.unassessedRuleIDs.count, "rule")) could not be assessed and "
            + "\(figures.unassessedRuleIDs.count == 1 ? "counts" : "count") neither way.")
      }
      for limit in limits { page.element("li", text: limit) }
    }
    guard !report.assumptions.isEmpty else { return }
    page.element("h3", text: "Assumptions")
    page.paragraph("No input says the following; it was assumed.")
    page.element("ul") { page in
      for assumption in report.assumptions { page.element("li", text: assumption) }
    }
  }

  func writeGlossary(_ page: inout HTMLWriter) {
    page.element("dl", [.class("glossary")]) { page in
      for entry in OfficerPage.glossary {
        page.element("div") { page in
          page.element("dt", text: entry.word)
          page.element("dd", text: entry.meaning)
        }
      }
    }
  }

  /// The tool's own words; words of the meshes are left to the meshes' documentation.
  private static let glossary: [(word: String, meaning: String)] = [
    (
      "Access edge",
      "A source identity and a port of a workload, with the decision that the policies give."
    ),
    ("AI system", "An entry of the AI system register, with the workloads that it selects."),
    ("Baseline", "The findings of an accepted earlier run; a finding that is not in it is new."),
    ("Control", "One provision of a law or one control of a standard."),
    (
      "Contradicts",
      "The evidence speaks against the control: at least one finding of a rule that bears on it."
    ),
    ("Evidence", "The rows of data that a result stands on."),
    (
      "Finding",
      "The result of one rule for one subject. Open means that it fails and nobody waived it."
    ),
    (
      "Fingerprint",
      "The name of a finding, the same from run to run as long as its rule and subject are."
    ),
    ("Gate", "The severity at which the run ends with an error for the calling job."),
    ("Grant", "What a policy permits: who, to which workload, by which operations."),
    (
      "No bearing", "The rules that bear on the control have no result that concerns it."
    ),
    (
      "Not assessed",
      "The input that would answer the question is missing or was unreadable. Never counted as a pass."
    ),
    ("Observed request", "A request in the access logs, counted by day."),
    ("Rule", "A question in words and a query that answers it for each subject."),
    ("Supports", "The evidence speaks for the control: all that was assessed passes."),
    ("Verified source", "The source identity was authenticated by the mesh, not inferred."),
    (
      "Waiver",
      "An accepted risk with owner, approver and end. The finding stays in the report and in the counts."
    ),
  ]
}
