package import AuditModel
import GRDB
import MeshModel

extension AuditStore {
  /// How many certificates the current run has met.
  package func certificateCount() throws(StoreError) -> Int {
    try read {
      try Int.fetchOne(
        $0,
        sql: """
          select count(*) from certificates where run_id = (select run_id from current_run)
          """) ?? 0
    }
  }

  /// The certificates of the current run as reports tell of them; nil without any.
  package func certificateOverview() throws(StoreError) -> CertificateOverview? {
    guard try certificateCount() > 0 else { return nil }
    return try read { try CertificateOverviewReader(connection: $0).overview() }
  }
}

/// Sorts the certificates of a run by trust domain for the reports.
///
/// A CA belongs to the trust domains of what chains over it; without such a chain, to the one that its
/// bundle or its own SPIFFE ID names. Memory goes with CAs and with what a report lists.
private struct CertificateOverviewReader {
  let connection: Database

  private struct DomainIdentities {
    var listed: [CertificateOverview.Identity] = []
    var count = 0
  }

  func overview() throws -> CertificateOverview {
    let authorities = try authorities()
    let identities = try identities()
    return CertificateOverview(
      domains: Set(authorities.keys).union(identities.keys).sorted(by: isBefore).map { domain in
        CertificateOverview.Domain(
          trustDomain: domain,
          authorities: (authorities[domain] ?? []).sorted {
            ends($0.notAfter, $0.name, before: $1.notAfter, $1.name)
          },
          identities: identities[domain]?.listed ?? [],
          identityCount: identities[domain]?.count ?? 0)
      }, keys: try keys())
  }

  private func authorities() throws -> [String?: [CertificateOverview.Authority]] {
    let domains = try domains()
    var authorities: [String?: [CertificateOverview.Authority]] = [:]
    // CAs go by their subject; their SPIFFE ID, if any, is that of the trust domain.
    let rows = try Row.fetchCursor(
      connection,
      sql: """
        select
          c.certificate_id,
          coalesce(nullif(c.subject, ''), c.name) as name,
          c.role,
          c.not_before,
          c.not_after,
          c.trust_domain,
          (
            select s.trust_domain
            from certificate_sightings s
            where s.certificate_id = c.certificate_id
            order by s.sighting_id
            limit 1
          ) as bundle_domain
        from certificates c
        where c.run_id = (select run_id from current_run)
          and c.role in ('anchor', 'intermediate')
        order by c.certificate_id
        """)
    while let row = try rows.next() {
      let own = Set([row["trust_domain"] as String?, row["bundle_domain"]].compactMap(\.self))
      let counts = domains[row["certificate_id"]] ?? [:]
      let found = counts.isEmpty ? own.sorted().map { $0 } : Array(counts.keys)
      for domain in found.isEmpty ? [nil] : found {
        authorities[domain, default: []].append(
          CertificateOverview.Authority(
            name: row["name"], role: CertificateRole(rawValue: row["role"]) ?? .unknown,
            notBefore: time(row["not_before"]), notAfter: time(row["not_after"]),
            chainCount: counts[domain] ?? 0))
      }
    }
    return authorities
  }

  /// For each certificate, how many paths of each trust domain lead over it.
  private func domains() throws -> [Int64: [String?: Int]] {
    var domains: [Int64: [String?: Int]] = [:]
    let rows = try Row.fetchCursor(
      connection,
      sql: """
        select part.value as certificate_id, h.trust_domain, count(*) as path_count
        from certificates c
        join certificate_chains h on h.certificate_id = c.certificate_id
        join json_each(h.path) part
        where c.run_id = (select run_id from current_run)
          and part.key > 0
          and exists (
            select 1
            from certificate_sightings s
            where s.certificate_id = c.certificate_id and s.role = 'leaf'
          )
        group by part.value, h.trust_domain
        """)
    while let row = try rows.next() {
      domains[row["certificate_id"], default: [:]][row["trust_domain"]] = row["path_count"]
    }
    return domains
  }

  /// Each identity with its newest certificate; those that end first come first.
  private func identities() throws -> [String?: DomainIdentities] {
    var identities: [String?: DomainIdentities] = [:]
    let rows = try Row.fetchCursor(
      connection,
      sql: """
        with
          held as (
            select
              c.certificate_id, c.name, c.serial, c.not_before, c.not_after, c.trust_domain,
              row_number() over (
                partition by c.name order by c.not_after desc, c.fingerprint desc
              ) as age,
              count(*) over (partition by c.name) as certificate_count
            from certificates c
            where c.run_id = (select run_id from current_run)
              and c.role in ('leaf', 'unknown')
              and c.parse_status <> 'failed'
              and coalesce(c.is_ca, 0) = 0
          ),
          ending as (
            select
              h.*,
              row_number() over (
                partition by h.trust_domain order by h.not_after, h.name
              ) as place,
              count(*) over (partition by h.trust_domain) as identity_count
            from held h
            where h.age = 1
          )
        select
          e.name, e.serial, e.not_before, e.not_after, e.trust_domain, e.certificate_count,
          e.identity_count, h.outcome
        from ending e
        left join certificate_chains h on h.certificate_id = e.certificate_id
        where e.place <= ?
        order by e.trust_domain, e.place
        """, arguments: [CertificateOverview.identityLimit])
    while let row = try rows.next() {
      let name: String = row["name"]
      let succession = try CertificateSuccession(connection, identity: name)
      let domain: String? = row["trust_domain"]
      identities[domain, default: DomainIdentities()].count = row["identity_count"]
      identities[domain]?.listed.append(
        CertificateOverview.Identity(
          name: name, serial: row["serial"], notBefore: time(row["not_before"]),
          notAfter: time(row["not_after"]),
          chain: (row["outcome"] as String?).flatMap(CertificateChain.Outcome.init(rawValue:)),
          certificateCount: succession?.certificateCount ?? row["certificate_count"],
          longestGapSeconds: succession?.longestGapSeconds,
          usualIntervalSeconds: succession?.usualIntervalSeconds, keepsKey: succession?.keepsKey))
    }
    return identities
  }

  private func keys() throws -> [CertificateOverview.KeyLine] {
    var lines: [String: CertificateOverview.KeyLine] = [:]
    let rows = try Row.fetchCursor(
      connection,
      sql: """
        select
          c.key_algorithm,
          coalesce(c.curve, case when c.key_algorithm = 'RSA' then c.key_bits end) as size,
          count(*) as certificate_count,
          count(*) filter (where c.role in ('anchor', 'intermediate')) as authority_count,
          max(c.not_after) filter (where c.role in ('anchor', 'intermediate')) as last_end
        from certificates c
        where c.run_id = (select run_id from current_run) and c.parse_status <> 'failed'
        group by 1, 2
        """)
    while let row = try rows.next() {
      let name =
        (row["key_algorithm"] as String?).map { algorithm in
          [algorithm, row["size"] as String?].compactMap(\.self).joined(separator: " ")
        } ?? "unknown"
      var line = lines[name] ?? CertificateOverview.KeyLine(algorithm: name)
      line.certificateCount += row["certificate_count"]
      line.authorityCount += row["authority_count"]
      if let end = time(row["last_end"]) {
        line.lastAuthorityEnd = max(line.lastAuthorityEnd ?? end, end)
      }
      lines[name] = line
    }
    return lines.values.sorted { $0.algorithm < $1.algorithm }
  }

  private func time(_ text: String?) -> UTCTime? { text.flatMap { UTCTime($0) } }

  /// Order by end, unknown ends first, then by name.
  private func ends(
    _ left: UTCTime?, _ leftName: String, before right: UTCTime?, _ rightName: String
  ) -> Bool {
    if left == right { return leftName < rightName }
    guard let left else { return true }
    guard let right else { return false }
    return left < right
  }

  private func isBefore(_ left: String?, _ right: String?) -> Bool {
    guard let left else { return false }
    guard let right else { return true }
    return left < right
  }
}
