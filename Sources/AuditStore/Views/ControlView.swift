/// The view `control`.
extension View {
  static let control = View(
    name: "control", group: .result,
    description: "Provisions and controls of frameworks, with the rules that bear on them.",
    columns: [
      Column(
        "framework_id", "framework",
        "c.framework_id"),
      Column(
        "control_id", "control",
        "c.control_id"),
      Column(
        "label", "as cited",
        "c.label"),
      Column(
        "title", "title",
        "c.title"),
      Column(
        "rule_id", "rule that bears on it",
        "c.rule_id"),
      Column(
        "effects", "JSON array: supports, contradicts, documents",
        "c.effects"),
    ],
    source: """
      controls c
      where c.run_id = (select run_id from current_run)
      """)
}
