/// The view `ai_system_workload`.
extension View {
  static let aiSystemWorkload = View(
    name: "ai_system_workload", group: .register,
    description: "Workloads of AI systems.",
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "m.system_id"),
      Column(
        "workload_id", "joins `workload`",
        "m.workload_id"),
      Column(
        "kind", "agent, model, tool, … as declared",
        "m.kind"),
    ],
    source: """
      ai_system_workloads m
      join workloads w on w.workload_id = m.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
