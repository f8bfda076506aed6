/// The view `location`.
extension View {
  static let location = View(
    name: "location", group: .run,
    description: "Places in the inputs: file, line, column.",
    columns: [
      Column(
        "location_id", "key",
        "l.location_id"),
      Column(
        "path", "file, as given",
        "l.path"),
      Column(
        "line", "1-based, 0 for the whole file",
        "l.line"),
      Column(
        "column", "1-based, 0 for the whole file",
        "l.\"column\""),
    ],
    source: """
      locations l
      where l.run_id = (select run_id from current_run)
      """)
}
