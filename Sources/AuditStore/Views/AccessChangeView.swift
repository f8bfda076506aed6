/// The view `access_change`.
extension View {
  static let accessChange = View(
    name: "access_change", group: .access,
    description: """
      What a change of configuration does to access, alike for all sources and destinations of a row. \
      Empty outside `meshaudit gate`, which compares two states.
      """,
    columns: [
      Column("access_change_id", "key", "c.access_change_id"),
      Column("kind", "opens, closes, changes or unknown", "c.kind"),
      Column("source", "sources in words: three of them, and how many more", "c.source"),
      Column("destination", "destinations in words", "c.destination"),
      Column("sources", "JSON array of names of sources", "c.sources"),
      Column("destinations", "JSON array of `namespace/name:port`", "c.destinations"),
      Column(
        "is_unauthenticated",
        "1 where callers without an identity of the mesh are among the sources",
        "c.is_unauthenticated"),
      Column("opened", "JSON array of operations that open", "c.opened"),
      Column("closed", "JSON array of operations that close", "c.closed"),
      Column("before", "what was let through", "c.before"),
      Column("after", "what is let through", "c.after"),
      Column("cause", "the changed line that does it, or null", "c.cause"),
      Column("location_id", "where it stands, joins `location`", "c.location_id"),
    ],
    source: "access_changes c where c.run_id = (select run_id from current_run)")
}
