/// The view `organisation`.
extension View {
  static let organisation = View(
    name: "organisation", group: .register,
    description: "Whose register it is; one row where a register was given.",
    columns: [
      Column(
        "name", "name or null",
        "r.name"),
      Column(
        "is_public_authority", "1, 0, or null when not declared",
        "r.is_public_authority"),
      Column(
        "is_financial_institution", "1, 0, or null when not declared",
        "r.is_financial_institution"),
      Column(
        "country", "two letters, or null",
        "r.country"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      ai_registers r
      where r.run_id = (select run_id from current_run)
      """)
}
