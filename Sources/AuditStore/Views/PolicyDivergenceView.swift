/// The view `policy_divergence`.
extension View {
  static let policyDivergence = View(
    name: "policy_divergence", group: .access,
    description: "Where an Istio policy means one thing to a sidecar and another to ztunnel.",
    columns: [
      Column(
        "policy_divergence_id", "key",
        "d.policy_divergence_id"),
      Column(
        "policy_id", "joins `policy`",
        """
        (select min(p.policy_id) from policies p
        where p.run_id = d.run_id and p.layer = 'istio' and p.kind = d.kind
        and p.namespace = d.namespace and p.name = d.name)
        """),
      Column(
        "kind", "kind of the policy",
        "d.kind"),
      Column(
        "namespace", "namespace of the policy",
        "d.namespace"),
      Column(
        "name", "name of the policy",
        "d.name"),
      Column(
        "rule_index", "its rule, null for the whole policy",
        "d.rule_index"),
      Column(
        "difference",
        "http-deny-without-effect, http-deny-widened, http-allow-dropped, trust-domains-lost, …",
        "d.difference"),
      Column(
        "effect", "opens or closes: what ztunnel does where a sidecar would not",
        "d.effect"),
      Column(
        "explanation", "one sentence",
        "d.explanation"),
      Column(
        "ambient_workloads", "ambient workloads that it selects, JSON array of namespace/name",
        "d.ambient_workloads"),
      Column(
        "ambient_workload_count", "their number: where the difference bites today",
        "d.ambient_workload_count"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "d.location_id"),
    ],
    source: """
      policy_divergences d
      where d.run_id = (select run_id from current_run)
      """)
}
