import GRDB
import MeshModel

/// What is known of the certificates of one identity over all runs.
package struct CertificateSuccession: Sendable {
  package var certificateCount: Int
  /// Seconds without a valid certificate between two; 0 when they follow one another, nil when no inventory
  /// shows two side by side.
  package var longestGapSeconds: Int64?
  /// Seconds from the start of a certificate to the start of the next, half of them more and half of them
  /// less; nil as above.
  package var usualIntervalSeconds: Int64?
  /// Whether a certificate has the key of the one before it; nil when that cannot be told.
  package var keepsKey: Bool?
}

extension CertificateSuccession {
  private struct Span {
    var start: UTCTime?
    var end: UTCTime?
    var key: String?
    var firstSeen: String
    var lastSeen: String

    /// As `is_seen` of the view `certificate_rotation`: otherwise others may have come and gone.
    func isSeen(before next: Span) -> Bool {
      lastSeen >= next.firstSeen || end.map { lastSeen > $0.text } ?? false
    }
  }

  /// The succession of one identity's leaf certificates; nil when none was ever met.
  init?(_ connection: Database, identity: String) throws {
    let statement = try connection.cachedStatement(
      sql: """
        select not_before, not_after, public_key_fingerprint, first_seen, last_seen
        from certificate_lives
        where identity = ? and role in ('leaf', 'unknown')
        order by not_before, fingerprint
        """)
    let spans = try Row.fetchAll(statement, arguments: [identity]).map { row in
      Span(
        start: (row["not_before"] as String?).flatMap { UTCTime($0) },
        end: (row["not_after"] as String?).flatMap { UTCTime($0) },
        key: row["public_key_fingerprint"], firstSeen: row["first_seen"],
        lastSeen: row["last_seen"])
    }
    guard !spans.isEmpty else { return nil }
    certificateCount = spans.count
    var intervals: [Int64] = []
    for (before, after) in zip(spans, spans.dropFirst()) {
      if before.isSeen(before: after), let start = after.start {
        if let end = before.end {
          longestGapSeconds = max(longestGapSeconds ?? 0, start.secondsSince(end), 0)
        }
        if let begin = before.start { intervals.append(start.secondsSince(begin)) }
      }
      if let old = before.key, let new = after.key {
        keepsKey = (keepsKey ?? false) || old == new
      }
    }
    if !intervals.isEmpty {
      usualIntervalSeconds = intervals.sorted()[intervals.count / 2]
    }
  }
}

extension AuditStore {
  /// What all runs know of the certificates of one identity; nil when none was ever met.
  package func certificateSuccession(of identity: String) throws(StoreError)
    -> CertificateSuccession?
  {
    try read { try CertificateSuccession($0, identity: identity) }
  }
}
