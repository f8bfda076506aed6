import GRDB
import MeshModel

/// Keeps certificates over runs: a rotation shows only in what was met at different times.
///
/// One row for each identity (of a CA: its subject; of a gateway's certificate: its first name) and
/// certificate. Meeting a certificate again moves
/// the sightings apart and changes nothing else, so that the same inputs twice leave the same rows.
struct CertificateLifeWriter {
  private let statement: Statement
  private let moment: String

  init(_ connection: Database, asOf: UTCTime) throws {
    moment = asOf.text
    statement = try connection.cachedStatement(
      sql: """
        insert into certificate_lives (
          identity, fingerprint, role, trust_domain, serial, issuer, public_key_fingerprint,
          not_before, not_after, lifetime_seconds, first_seen, last_seen
        )
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (identity, fingerprint) do update set
          first_seen = min(first_seen, excluded.first_seen),
          last_seen = max(last_seen, excluded.last_seen)
        """)
  }

  /// Takes the first record of a certificate.
  func insert(_ record: CertificateRecord) throws {
    let certificate = record.facts
    guard let identity = Self.identity(of: record), certificate.parseStatus != .failed else {
      return
    }
    try statement.execute(arguments: [
      identity, certificate.sha256 ?? certificate.id, record.sighting.role.rawValue,
      certificate.trustDomain, certificate.serial, certificate.issuer, certificate.spkiSHA256,
      certificate.notBefore?.text, certificate.notAfter?.text, certificate.lifetimeSeconds,
      moment, moment,
    ])
  }

  private static func identity(of record: CertificateRecord) -> String? {
    switch record.sighting.role {
    case .leaf, .unknown:
      record.facts.identity ?? (record.facts.names(.uri) + record.facts.names(.dns)).min()
    case .intermediate, .anchor: record.facts.subject.flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}
