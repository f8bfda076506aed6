import AuditModel
import GRDB
package import MeshModel

extension AuditStore {
  /// What became of the traffic of a summary.
  package enum SummaryOutcome: Hashable, Sendable {
    case counted
    /// All its logs, or the summary itself, were counted before.
    case known
    /// Some of its logs were counted before and some not, so nothing of it was counted.
    case overlapping(Int)
  }

  /// Adds the traffic of several logs that were summarised elsewhere, in one transaction with the note
  /// that their contents, and the summary's own, are counted.
  ///
  /// - Parameters:
  ///   - contents: length and digest of each log in it, as `addTraffic` would note them.
  package func addSummary(
    _ traffic: [ObservedRequestKey: ObservedRequestSum], coverage: [WorkloadID: LogCoverage] = [:],
    contentDigest: String, byteCount: Int,
    contents: [(digest: String, byteCount: Int)], path: String
  ) throws(StoreError) -> SummaryOutcome {
    // Contents of no bytes are the same everywhere and say nothing.
    let contents = contents.filter { $0.byteCount > 0 }
    return try write { connection in
      let note = try connection.cachedStatement(
        sql: """
          insert into ingested_contents (content_digest, byte_count, path) values (?, ?, ?)
          on conflict (content_digest) do nothing
          """)
      let find = try connection.cachedStatement(
        sql: "select 1 from ingested_contents where content_digest = ?")
      func isKnown(_ digest: String) throws -> Bool {
        try Int.fetchOne(find, arguments: [digest]) != nil
      }
      guard try !isKnown(contentDigest) else { return .known }
      var knownCount = 0
      for content in contents where try isKnown(content.digest) { knownCount += 1 }
      if knownCount > 0 {
        return knownCount == contents.count ? .known : .overlapping(knownCount)
      }
      try note.execute(arguments: [contentDigest, byteCount, path])
      for content in contents {
        try note.execute(arguments: [content.digest, content.byteCount, path])
      }
      try TrafficRowWriter(connection).add(traffic)
      try CoverageWriter.write(coverage, connection)
      return .counted
    }
  }
}
