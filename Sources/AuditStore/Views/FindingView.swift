/// The view `finding`.
extension View {
  static let finding = View(
    name: "finding", group: .result,
    description: "Results of all statuses.",
    columns: [
      Column(
        "finding_id", "key",
        "f.finding_id"),
      Column(
        "rule_id", "joins `rule`",
        "f.rule_id"),
      Column(
        "subject", "what was checked",
        "f.subject"),
      Column(
        "discriminator", "tells results of one subject apart",
        "f.discriminator"),
      Column(
        "status", "pass, fail, waived, not-applicable, not-assessed or error",
        "f.status"),
      Column(
        "severity", "after overrides",
        "f.severity"),
      Column(
        "message", "one sentence",
        "f.message"),
      Column(
        "fingerprint", "stable over runs",
        "f.fingerprint"),
      Column(
        "waiver_id", "waiver that accepts it",
        "f.waiver_id"),
      Column(
        "first_seen", "when it first failed",
        "f.first_seen"),
      Column(
        "is_new", "1 when new against the baseline",
        "f.is_new"),
      Column(
        "evidence", "JSON",
        "f.evidence"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "f.location_id"),
    ],
    source: """
      findings f
      where f.run_id = (select run_id from current_run)
      """)
}
