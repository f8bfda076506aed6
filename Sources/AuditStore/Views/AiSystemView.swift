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
        "reference", "unambiguous reference, or null",
        "s.reference"),
      Column(
        "is_operating", "1 for in-service and on-market",
        "s.status in ('in-service', 'on-market')"),
      Column(
        "is_provider", "1 when provider is among the roles",
        "instr(s.roles, '\"provider\"') > 0"),
      Column(
        "is_deployer", "1 when deployer is among the roles",
        "instr(s.roles, '\"deployer\"') > 0"),
      Column(
        "derogation", "point of Article 6(3) that is claimed, a to d, or null",
        "s.derogation"),
      Column(
        "is_profiling", "1, 0, or null when not declared",
        "s.is_profiling"),
      Column(
        "placed_on_market", "day or null",
        "s.placed_on_market"),
      Column(
        "last_design_change", "day of the last significant change in design, or null",
        "s.last_design_change"),
      Column(
        "uses_personal_data", "1, 0, or null when not declared",
        "s.uses_personal_data"),
      Column(
        "is_biometric", "1 for Annex III point 1(a), 0, or null when not declared",
        "s.is_biometric"),
      Column(
        "is_workplace_use", "1, 0, or null when not declared",
        "s.is_workplace_use"),
      Column(
        "is_user_facing", "1, 0, or null when not declared",
        "s.is_user_facing"),
      Column(
        "stop_workload", "namespace/name of the workload with the stop endpoint, or null",
        "s.stop_workload"),
      Column(
        "stop_endpoint", "method and path, or null",
        "s.stop_endpoint"),
      Column(
        "stop_max_days", "days after which the stop is to be tried again, or null",
        "s.stop_max_days"),
      Column(
        "registration_id", "id in the EU database, or null",
        "s.registration_id"),
      Column(
        "registration_url", "address of the registration, or null",
        "s.registration_url"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "s.location_id"),
    ],
    source: """
      ai_systems s
      where s.run_id = (select run_id from current_run)
      """)
}
