/// The view `ai_system`.
extension View {
  static let aiSystem = View(
    name: "ai_system", group: .register,
    description: "AI systems of the register.",
    columns: [
      Column(
        "ai_system_id", "id in the register",
        "s.system_id"),
      Column(
        "trade_name", "trade name",
        "s.trade_name"),
      Column(
        "status", "in-service, …",
        "s.status"),
      Column(
        "risk_class", "prohibited, high, limited, minimal, out-of-scope or unclassified",
        "s.risk_class"),
      Column(
        "route", "annex-iii, annex-i or null",
        "s.route"),
      Column(
        "point", "point of the annex or null",
        "s.point"),
      Column(
        "roles", "JSON array",
        "s.roles"),
      Column(
        "owner", "team or null",
        "s.owner"),
      Column(
        "log_retention_days", "declared retention or null",
        "s.log_retention_days"),
      Column(
        "log_retention_legal_basis", "law that allows a shorter one, or null",
        "s.log_retention_legal_basis"),
      Column(
        "log_controller", "who controls the logs, or null",
        "s.log_controller"),
      Column(
        "log_sink", "declared sink or null",
        "s.log_sink"),
      Column(
        "oversight_person_count", "oversight persons named",
        "s.oversight_person_count"),
      Column(
        "oversight_principals", "JSON array",
        "s.oversight_principals"),
      Column(
        "entry", "whole entry, JSON",
        "s.entry"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "s.location_id"),
    ],
    source: """
      ai_systems s
      where s.run_id = (select run_id from current_run)
      """)
}
