/// The view `diagnostic`.
extension View {
  static let diagnostic = View(
    name: "diagnostic", group: .run,
    description: "Problems met while reading inputs.",
    columns: [
      Column(
        "diagnostic_id", "key",
        "d.diagnostic_id"),
      Column(
        "code", "stable code, `unknown-field`",
        "d.code"),
      Column(
        "severity", "error, warning or note",
        "d.severity"),
      Column(
        "message", "what was found",
        "d.message"),
      Column(
        "hint", "what to do",
        "d.hint"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "d.location_id"),
    ],
    source: """
      diagnostics d
      where d.run_id = (select run_id from current_run)
      """)
}
