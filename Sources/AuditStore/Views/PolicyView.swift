/// The view `policy`.
extension View {
  static let policy = View(
    name: "policy", group: .access,
    description: "Policies of every layer, as the mesh's own rule book has them.",
    columns: [
      Column(
        "policy_id", "key",
        "p.policy_id"),
      Column(
        "layer", "istio, linkerd or network-policy",
        "p.layer"),
      Column(
        "kind", "AuthorizationPolicy, Server, NetworkPolicy, …",
        "p.kind"),
      Column(
        "namespace", "namespace",
        "p.namespace"),
      Column(
        "name", "name",
        "p.name"),
      Column(
        "action", "allow, deny, custom or audit",
        "p.action"),
      Column(
        "scope", "mesh, namespace, workload or target",
        "p.scope"),
      Column(
        "is_dry_run", "1 when it only rehearses",
        "p.is_dry_run"),
      Column(
        "provider", "external authorizer or null",
        "p.provider"),
      Column(
        "rule_count", "its rules",
        "(select count(*) from policy_rules r where r.policy_id = p.policy_id)"),
      Column(
        "workload_count", "workloads that it attaches to",
        "(select count(*) from policy_workloads x where x.policy_id = p.policy_id)"),
      Column(
        "resource_id", "joins `resource`",
        "p.resource_id"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "p.location_id"),
    ],
    source: """
      policies p
      where p.run_id = (select run_id from current_run)
      """)
}
