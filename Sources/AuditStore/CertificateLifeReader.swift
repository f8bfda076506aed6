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

extension AuditStore {
  /// The successions of leaf certificates, by identity.
  package func certificateSuccessions() throws(StoreError) -> [String: CertificateSuccession] {
    struct Span {
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
    return try read { connection in
      var spans: [String: [Span]] = [:]
      let rows = try Row.fetchCursor(
        connection,
        sql: """
          select
            identity, not_before, not_after, public_key_fingerprint, first_seen, last_seen
          from certificate_lives
          where role in ('leaf', 'unknown')
          order by identity, not_before, fingerprint
          """)
      while let row = try rows.next() {
        let span = Span(
          start: (row["not_before"] as String?).flatMap { UTCTime($0) },
          end: (row["not_after"] as String?).flatMap { UTCTime($0) },
          key: row["public_key_fingerprint"], firstSeen: row["first_seen"],
          lastSeen: row["last_seen"])
        spans[row["identity"], default: []].append(span)
      }
      return spans.mapValues { list in
        var succession = CertificateSuccession(certificateCount: list.count)
        var intervals: [Int64] = []
        for (before, after) in zip(list, list.dropFirst()) {
          if before.isSeen(before: after), let start = after.start {
            if let end = before.end {
              succession.longestGapSeconds = max(
                succession.longestGapSeconds ?? 0, start.secondsSince(end), 0)
            }
            if let begin = before.start { intervals.append(start.secondsSince(begin)) }
          }
          if let old = before.key, let new = after.key {
            succession.keepsKey = (succession.keepsKey ?? false) || old == new
          }
        }
        if !intervals.isEmpty {
          succession.usualIntervalSeconds = intervals.sorted()[intervals.count / 2]
        }
        return succession
      }
    }
  }
}
