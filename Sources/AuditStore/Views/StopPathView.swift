/// The view `stop_path`.
extension View {
  static let stopPath = View(
    name: "stop_path", group: .register,
    description: """
      Who may call the stop endpoint that an AI system declares, by the policies of this run: every source \
      at every port of the workload that takes HTTP. Systems without a stop endpoint, or whose stop \
      workload is not among the inputs, have no row.
      """,
    columns: [
      Column("ai_system_id", "joins `ai_system`", "s.system_id"),
      Column(
        "source_kind",
        """
        workload, identity (an oversight principal that no workload carries), unauthenticated, outside or \
        foreign-trust-domain
        """,
        "s.source_kind"),
      Column("source", "name of the source", "s.source"),
      Column("source_identity", "its identity or null", "s.principal"),
      Column("source_workload_id", "joins `workload`, or null", "s.workload_id"),
      Column("is_overseer", "1 when it is among the oversight principals", "s.is_overseer"),
      Column(
        "is_own_workload", "1 when it is a workload of the system itself",
        """
        exists (
          select 1
          from ai_system_workloads m
          where m.system_id = s.system_id and m.workload_id = s.workload_id
        )
        """),
      Column("port", "container port", "s.port"),
      Column("decision", "allow, deny, delegate or unknown", "s.decision"),
      Column("decided_by", "rule id, or null", "s.decided_by"),
      Column("reason", "why it is unknown, delegated or denied, or null", "s.reason"),
    ],
    source: """
      stop_paths s
      where s.run_id = (select run_id from current_run)
      """)
}
