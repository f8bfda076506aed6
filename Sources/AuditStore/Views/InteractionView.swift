/// The view `interaction`.
extension View {
  static let interaction = View(
    name: "interaction", group: .register,
    description: "Declared interactions of AI systems.",
    columns: [
      Column(
        "interaction_id", "key",
        "i.interaction_id"),
      Column(
        "ai_system_id", "joins `ai_system`",
        "i.system_id"),
      Column(
        "peer", "identity of the peer or null",
        "i.peer"),
      Column(
        "external", "external host or null",
        "i.external"),
      Column(
        "direction", "in or out",
        "i.direction"),
      Column(
        "purpose", "purpose or null",
        "i.purpose"),
      Column(
        "supplier", "supplier or null",
        "i.supplier"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "i.location_id"),
    ],
    source: """
      interactions i
      where i.run_id = (select run_id from current_run)
      """)
}
