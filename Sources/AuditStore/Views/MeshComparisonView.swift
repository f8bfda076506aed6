import AuditModel

/// The view `mesh_comparison`.
extension View {
  static let meshComparison = View(
    name: "mesh_comparison", group: .access,
    description: """
      The meshes side by side: the same figures of the workloads of each, and of those outside. A share \
      has its whole in `total`; a row is missing where nothing is known of the whole.
      """,
    columns: [
      Column("mesh", "istio, linkerd or none", "c.mesh"),
      Column("measure", "what is counted: see the report's chapter", "c.measure"),
      Column("amount", "how many", "c.amount"),
      Column("total", "of how many, or null for a plain count", "c.total"),
    ],
    source: "(\n" + served
      + MeshComparison.Measure.allCases
      .map { "select mesh, '\($0.rawValue)' as measure, amount, total from (\($0.sql))" }
      .joined(separator: "\nunion all\n")
      + "\n) c\nwhere c.amount > 0 or c.total > 0")

  /// Requests as the called side shows them, passed over once for all their figures.
  private static let served = """
    with served as materialized (
      select
        w.layer as mesh,
        sum(o.request_count) as request_count,
        sum(case when o.is_identity_verified = 1 then o.request_count else 0 end) as verified_count,
        sum(case when o.is_mtls = 1 then o.request_count else 0 end) as encrypted_count,
        sum(case when o.is_mtls is not null then o.request_count else 0 end) as telling_count,
        sum(case when o.outcome = 'denied' then o.request_count else 0 end) as refused_count
      from observed_request o
      join workload w on w.workload_id = o.destination_workload_id
      where o.side = 'server' and o.evidence <> 'trace' and o.is_repeated = 0
      group by w.layer
    )

    """
}

extension MeshComparison.Measure {
  /// Rows of mesh, amount and total, over the other views.
  fileprivate var sql: String {
    switch self {
    case .workloads:
      "select layer as mesh, count(*) as amount, null as total from workload group by layer"
    case .sharedIdentities:
      """
      select w.layer as mesh, sum(i.holders > 1) as amount, count(*) as total
      from workload w
      join (select identity, count(*) as holders from workload group by identity) i
        on i.identity = w.identity
      group by w.layer
      """
    case .mutualTLSPorts:
      """
      select w.layer as mesh, sum(p.mtls_mode = 'strict') as amount, count(*) as total
      from workload_port p
      join workload w on w.workload_id = p.workload_id
      group by w.layer
      """
    case .anonymousPorts: Self.openPorts(to: "unauthenticated")
    case .foreignPorts: Self.openPorts(to: "foreign-trust-domain")
    case .usedGrants:
      """
      select w.layer as mesh, sum(g.request_count > 0) as amount, count(*) as total
      from grant_usage g
      join workload w on w.workload_id = g.workload_id
      where g.window_first_seen is not null
      group by w.layer
      """
    case .loggedWorkloads: Self.telemetry("has_access_log")
    case .identityLoggedWorkloads: Self.telemetry("logs_peer_identity")
    case .tracedWorkloads: Self.telemetry("has_tracing")
    case .requests: Self.served("request_count", of: "null")
    case .verifiedRequests: Self.served("verified_count", of: "request_count")
    case .encryptedRequests: Self.served("encrypted_count", of: "telling_count")
    case .refusedRequests: Self.served("refused_count", of: "request_count")
    case .agreedRefusals:
      """
      select
        w.layer as mesh,
        sum(a.agreed_count) as amount,
        sum(a.request_count - a.undecided_count) as total
      from denial_agreement a
      join workload w on w.workload_id = a.workload_id
      group by w.layer
      """
    case .certificates: Self.certificates("1", isShare: false)
    case .expiredCertificates:
      Self.certificates(
        """
        n.not_after < (
          select r.as_of from runs r where r.run_id = (select run_id from current_run)
        )
        """)
    case .shortCertificates: Self.certificates("n.lifetime_seconds <= 86400")
    case .timelyRenewals:
      """
      select
        h.layer as mesh,
        sum(n.not_before <= n.previous_not_after) as amount,
        count(*) as total
      from certificate_rotation n
      join (select distinct layer, identity from workload) h on h.identity = n.identity
      where n.role = 'leaf' and n.previous_not_after is not null
      group by h.layer
      """
    }
  }

  private static func openPorts(to source: String) -> String {
    """
    select w.layer as mesh, sum(e.decision in ('allow', 'partial')) as amount, count(*) as total
    from access_edge e
    join workload w on w.workload_id = e.destination_workload_id
    where e.source_kind = '\(source)'
    group by w.layer
    """
  }

  private static func telemetry(_ column: String) -> String {
    """
    select w.layer as mesh, sum(t.\(column)) as amount, count(*) as total
    from workload_telemetry t
    join workload w on w.workload_id = t.workload_id
    where t.\(column) is not null and w.layer <> 'none'
    group by w.layer
    """
  }

  private static func served(_ amount: String, of total: String) -> String {
    "select mesh, \(amount) as amount, \(total) as total from served"
  }

  /// The newest certificate of each identity that workloads of a mesh carry.
  private static func certificates(_ condition: String, isShare: Bool = true) -> String {
    """
    select h.layer as mesh, sum(\(condition)) as amount, \(isShare ? "count(*)" : "null") as total
    from newest_certificate n
    join (select distinct layer, identity from workload) h on h.identity = n.name
    group by h.layer
    """
  }
}
