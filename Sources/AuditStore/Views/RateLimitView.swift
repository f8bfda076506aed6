/// The view `rate_limit`.
extension View {
  static let rateLimit = View(
    name: "rate_limit", group: .configuration,
    description: """
      Rate limits of Linkerd (HTTPLocalRateLimitPolicy), for each replica of the pods of a Server. They limit after \
      authorization, and HTTP only.
      """,
    columns: [
      Column(
        "resource_id", "key, joins `resource`",
        "r.resource_id"),
      Column(
        "policy", "namespace/name",
        "r.namespace || '/' || r.name"),
      Column(
        "namespace", "namespace",
        "r.namespace"),
      Column(
        "name", "name",
        "r.name"),
      Column(
        "target_kind", "kind of the target, Server",
        "(select e.value from json_each(r.spec, '$.targetRef') e where e.key = 'kind')"),
      Column(
        "target_name", "name of the target in the same namespace",
        "(select e.value from json_each(r.spec, '$.targetRef') e where e.key = 'name')"),
      Column(
        "total_requests_per_second", "limit for all clients together, or null",
        "(select e.value from json_each(r.spec, '$.total') e where e.key = 'requestsPerSecond')"),
      Column(
        "identity_requests_per_second",
        "limit for each identity, or null; clients without identity share one",
        "(select e.value from json_each(r.spec, '$.identity') e where e.key = 'requestsPerSecond')"),
      Column(
        "override_count", "limits of their own for some service accounts",
        "(select count(*) from json_each(r.spec, '$.overrides'))"),
      Column(
        "overrides", "JSON array of them, as written: requestsPerSecond and clientRefs",
        "coalesce((select e.value from json_each(r.spec) e where e.key = 'overrides'), '[]')"),
      Column(
        "is_effective", "0 where it limits nothing: lint L30 says why",
        """
        not exists (
          select 1 from mesh_lints l
          where l.run_id = r.run_id and l.lint = 'L30' and l.namespace = r.namespace
            and l.name = r.name
        )
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      resources r
      where r.run_id = (select run_id from current_run)
        and r.api_group = 'policy.linkerd.io' and r.kind = 'HTTPLocalRateLimitPolicy'
      """)
}
