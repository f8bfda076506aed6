/// Writes `docs/views.md` out of the views themselves.
package enum ViewDocumentation {
  /// The page in Markdown.
  package static var markdown: String {
    var text = """
      # Views

      Generated from the schema by `make docs`; do not edit. Rules and `meshaudit query` read these views and
      nothing else. Names are singular, ids end in `_id`, booleans are 0 or 1 and start with `is_` or `has_`,
      times are UTC in ISO 8601, lists and objects are JSON text. All views but `run`, `observed_request` and
      `finding_life` show the current run only; traffic is kept by day across runs.

      """
    for group in View.Group.allCases {
      text += "\n## \(group.title)\n"
      for view in View.all where view.group == group {
        text += "\n### `\(view.name)`\n\n\(view.description)\n\n| column | meaning |\n|---|---|\n"
        for column in view.columns {
          let description = column.description.split(separator: "|").joined(separator: "\\|")
          text += "| `\(column.name)` | \(description) |\n"
        }
      }
    }
    return text
  }
}
