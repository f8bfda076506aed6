/// The view `granted_operation`.
extension View {
  static let grantedOperation = View(
    name: "granted_operation", group: .traffic,
    description: """
      What ALLOW rules grant at watched workloads, one row for each method and path at each port. A rule \
      with paths only grants DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT on them, one with neither \
      methods nor paths grants the port as a whole, one without ports every declared port; a path pattern \
      is one path.
      """,
    columns: [
      Column("granted_operation_id", "key", "g.granted_operation_id"),
      Column("policy_rule_id", "joins `policy_rule`", "g.policy_rule_id"),
      Column("workload_id", "destination, joins `workload`", "g.workload_id"),
      Column("port", "container port", "g.port"),
      Column("method", "HTTP method; null where the port is granted as a whole", "g.method"),
      Column("path", "path as the policy writes it; null for every path", "g.path"),
      Column(
        "is_identity_seen",
        """
        0 at a gateway's server without mesh TLS: it knows callers by tokens or not at all, so that what \
        they use cannot be told
        """,
        """
        not exists (select 1 from workload_ports p join workloads w on w.workload_id = \
        p.workload_id where p.workload_id = g.workload_id and p.port = g.port and w.dataplane = \
        'gateway' and p.mtls_mode <> 'strict')
        """),
    ],
    source: "granted_operations g where g.run_id = (select run_id from current_run)")
}
