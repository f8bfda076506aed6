/// The view `rule`.
extension View {
  static let rule = View(
    name: "rule", group: .result,
    description: "Rules that were run.",
    columns: [
      Column(
        "rule_id", "permanent id",
        "r.rule_id"),
      Column(
        "pack", "pack",
        "r.pack"),
      Column(
        "title", "title",
        "r.title"),
      Column(
        "severity", "its own severity",
        "r.severity"),
      Column(
        "confidence", "high, medium or low",
        "r.confidence"),
    ],
    source: """
      rules r
      where r.run_id = (select run_id from current_run)
      """)
}
