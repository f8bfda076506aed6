/// The view `traced_workload`.
extension View {
  static let tracedWorkload = View(
    name: "traced_workload", group: .traffic,
    description: "Workloads with spans in traces, and how many speak of models and tools.",
    columns: [
      Column("workload_id", "joins `workload`", "w.workload_id"),
      Column("span_count", "spans", "sum(t.span_count)"),
      Column(
        "agent_span_count",
        "of them, with attributes for generative AI or the Model Context Protocol (`gen_ai.*`, `mcp.*`)",
        "sum(t.agent_span_count)"),
      Column("first_day", "UTC day", "min(t.day)"),
      Column("last_day", "UTC day", "max(t.day)"),
    ],
    source: """
      traced_workloads t
      join workloads w on w.namespace = t.namespace and w.name = t.name
      where w.run_id = (select run_id from current_run)
      group by w.workload_id
      """)
}
