/// The view `waiver`.
extension View {
  static let waiver = View(
    name: "waiver", group: .result,
    description: "Waivers that were given.",
    columns: [
      Column(
        "waiver_id", "id",
        "w.waiver_id"),
      Column(
        "rules", "JSON array of rule ids",
        "w.rules"),
      Column(
        "subject", "subject or null",
        "w.subject"),
      Column(
        "owner", "owner",
        "w.owner"),
      Column(
        "created", "day",
        "w.created"),
      Column(
        "expires", "day",
        "w.expires"),
      Column(
        "match_count", "findings it accepts",
        """
        (select count(*) from findings f where f.run_id = w.run_id and f.waiver_id = \
        w.waiver_id)
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "w.location_id"),
    ],
    source: """
      waivers w
      where w.run_id = (select run_id from current_run)
      """)
}
