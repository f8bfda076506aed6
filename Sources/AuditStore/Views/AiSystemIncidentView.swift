/// The view `ai_system_incident`.
extension View {
  static let aiSystemIncident = View(
    name: "ai_system_incident", group: .register,
    description: "Serious incidents that the register holds.",
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "i.system_id"),
      Column(
        "incident_id", "id within the system",
        "i.incident_id"),
      Column(
        "aware_at", "when the organisation became aware, UTC, or null",
        "i.aware_at"),
      Column(
        "kind", "point of Article 3(49): 3-49-a to 3-49-d, or null",
        "i.kind"),
      Column(
        "is_death", "1 when a person died, 0, or null when not declared",
        "i.is_death"),
      Column(
        "evidence_hold", "reference of the evidence hold, or null",
        "i.evidence_hold"),
      Column(
        "report_reference", "reference of the report to the authority, or null",
        "i.report_reference"),
    ],
    source: """
      ai_system_incidents i
      where i.run_id = (select run_id from current_run)
      """)
}
