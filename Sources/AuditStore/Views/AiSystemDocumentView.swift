/// The view `ai_system_document`.
extension View {
  static let aiSystemDocument = View(
    name: "ai_system_document", group: .register,
    description: "Documents that the register refers to.",
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "d.system_id"),
      Column(
        "name", "technicalDocumentation, instructionsForUse, …",
        "d.name"),
      Column(
        "uri", "address or null",
        "d.uri"),
      Column(
        "sha256", "digest or null",
        "d.sha256"),
      Column(
        "reason", "why there is none, or null",
        "d.reason"),
    ],
    source: """
      ai_system_documents d
      where d.run_id = (select run_id from current_run)
      """)
}
