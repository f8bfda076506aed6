/// The view `finding_life`.
extension View {
  static let findingLife = View(
    name: "finding_life", group: .result,
    description: "The life of every failure over all runs.",
    columns: [
      Column(
        "fingerprint", "joins `finding`",
        "l.fingerprint"),
      Column(
        "rule_id", "rule",
        "l.rule_id"),
      Column(
        "subject", "subject",
        "l.subject"),
      Column(
        "first_seen", "when it first failed",
        "l.first_seen"),
      Column(
        "last_seen", "when it last failed",
        "l.last_seen"),
      Column(
        "resolved_at", "as-of of the run in which it was gone, or null",
        "l.resolved_at"),
    ],
    source: """
      finding_lives l
      """)
}
