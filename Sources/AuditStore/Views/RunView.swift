/// The view `run`.
extension View {
  static let run = View(
    name: "run", group: .run,
    description: "Finished runs of this database, oldest first.",
    columns: [
      Column(
        "run_id", "key",
        "r.run_id"),
      Column(
        "run_key", "stable id, derived from inputs and clock",
        "r.run_key"),
      Column(
        "sequence", "1, 2, 3, … in the order of finishing",
        "r.sequence"),
      Column(
        "as_of", "the moment that the audit speaks of, UTC",
        "r.as_of"),
      Column(
        "started_at", "start, UTC",
        "r.started_at"),
      Column(
        "finished_at", "end, UTC",
        "r.finished_at"),
      Column(
        "tool_version", "version of meshaudit",
        "r.tool_version"),
      Column(
        "rules_digest", "SHA-256 over the rule packs",
        "r.rules_digest"),
      Column(
        "cluster", "name of the cluster",
        "r.cluster"),
      Column(
        "outcome", "clean, findings or incomplete",
        "r.outcome"),
      Column(
        "exit_code", "0, 1 or 2",
        "r.exit_code"),
      Column(
        "is_current", "1 for the run that all other views show",
        "r.run_id = (select run_id from current_run)"),
    ],
    source: """
      runs r
      where r.outcome is not null
      """)
}
