/// The view `policy_workload`.
extension View {
  static let policyWorkload = View(
    name: "policy_workload", group: .access,
    description: "Which policy attaches to which workload.",
    columns: [
      Column(
        "policy_id", "joins `policy`",
        "x.policy_id"),
      Column(
        "workload_id", "joins `workload`",
        "x.workload_id"),
    ],
    source: """
      policy_workloads x
      join policies p on p.policy_id = x.policy_id
      where p.run_id = (select run_id from current_run)
      """)
}
