/// The view `rule_port`.
extension View {
  static let rulePort = View(
    name: "rule_port", group: .access,
    description: """
      Ports at which a rule of an Istio policy is asked, at sidecars and gateways: those that it names, or \
      every port of the workload.
      """,
    columns: [
      Column("policy_rule_id", "joins `policy_rule`", "r.policy_rule_id"),
      Column("workload_id", "joins `workload`", "w.workload_id"),
      Column("workload", "its namespace/name", "w.namespace || '/' || w.name"),
      Column("port", "container port", "q.port"),
      Column("port_name", "port name or null", "q.name"),
      Column(
        "protocol", "http, http2, grpc, tcp, tls, opaque, or null when detected", "q.protocol"),
      Column("is_named", "1 when the rule names ports", "n.policy_rule_id is not null"),
    ],
    source: """
      policy_rules r
      join policies p on p.policy_id = r.policy_id
      join policy_workloads x on x.policy_id = p.policy_id
      join workloads w on w.workload_id = x.workload_id
      join workload_ports q on q.workload_id = w.workload_id
      left join (
        select
          t.policy_rule_id,
          -- Between commas, so that one port is found in the list.
          ',' || group_concat(t.value) || ',' as ports
        from policy_terms t
        where t.is_negated = 0
          and (
            (t.part = 'operation' and t.kind = 'port')
            or (t.part = 'condition' and t.kind = 'destination.port')
          )
        group by t.policy_rule_id
      ) n on n.policy_rule_id = r.policy_rule_id
      where p.run_id = (select run_id from current_run)
        and p.layer = 'istio'
        and w.dataplane in ('sidecar', 'gateway')
        and (n.policy_rule_id is null or instr(n.ports, ',' || q.port || ',') > 0)
      """)
}
