import GRDB
import MeshModel

/// What is known of the certificates of one identity over all runs.
package struct CertificateSuccession: Sendable {
  package var certificateCount: Int
  /// Seconds without a valid certificate between two; 0 when they follow one another, nil when only one
  /// is known.
  package var longestGapSeconds: Int64?
  /// Whether a certificate has the key of the one before it; nil when that cannot be told.
  package var keepsKey: Bool?
}

extension AuditStore {
  /// The successions of leaf certificates, by identity.
  package func certificateSuccessions() throws(StoreError) -> [String: CertificateSuccession] {
    struct Span {
      var start: UTCTime?
      var end: UTCTime?
      var key: String?
    }
    return try read { connection in
      var spans: [String: [Span]] = [:]
      let rows = try Row.fetchCursor(
        connection,
        sql: """
          select identity, not_before, not_after, public_key_fingerprint
          from certificate_lives
          where role in ('leaf', 'unknown')
          order by identity, not_before, fingerprint
          """)
      while let row = try rows.next() {
        let span = Span(
          start: (row["not_before"] as String?).flatMap { UTCTime($0) },
          end: (row["not_after"] as String?).flatMap { UTCTime($0) },
          key: row["public_key_fingerprint"])
        spans[row["identity"], default: []].append(span)
      }
      return spans.mapValues { list in
        var succession = CertificateSuccession(certificateCount: list.count)
        for (before, after) in zip(list, list.dropFirst()) {
          if let end = before.end, let start = after.start {
            succession.longestGapSeconds = max(
              succession.longestGapSeconds ?? 0, start.secondsSince(end), 0)
          }
          if let old = before.key, let new = after.key {
            succession.keepsKey = (succession.keepsKey ?? false) || old == new
          }
        }
        return succession
      }
    }
  }
}
