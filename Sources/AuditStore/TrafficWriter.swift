package import AuditModel
import GRDB
package import MeshModel

extension AuditStore {
  /// Adds the traffic of one input, in one transaction with the note that its contents are counted.
  ///
  /// Returns false, and adds nothing, when contents of this digest were counted before.
  ///
  /// - Parameters:
  ///   - contentDigest: BLAKE3 digest of the decompressed contents up to the end of what was counted, in hex.
  ///   - byteCount: how many bytes that is.
  ///   - head: digest of the first line, empty when it identifies nothing.
  ///   - time: the moment that the run speaks of.
  package func addTraffic(
    _ traffic: [ObservedRequestKey: ObservedRequestSum], coverage: [WorkloadID: LogCoverage] = [:],
    contentDigest: String, byteCount: Int, path: String, head: String = "",
    countedAt time: UTCTime? = nil
  ) throws(StoreError) -> Bool {
    try write { connection in
      try connection.execute(
        sql: """
          insert into ingested_contents (content_digest, byte_count, path, head, counted_at)
          values (?, ?, ?, ?, ?)
          on conflict (content_digest) do nothing
          """, arguments: [contentDigest, byteCount, path, head, time?.text])
      guard connection.changesCount > 0 else { return false }
      try TrafficRowWriter(connection).add(traffic)
      try CoverageWriter.write(coverage, connection)
      return true
    }
  }

  /// Digests of all contents that were counted, by their length in bytes: a log that starts with one of
  /// them has grown since, and only what follows is new.
  package func countedContents() throws(StoreError) -> [Int: Set<String>] {
    try read { connection in
      var result: [Int: Set<String>] = [:]
      let rows = try Row.fetchCursor(
        connection, sql: "select byte_count, content_digest from ingested_contents")
      while let row = try rows.next() {
        result[row["byte_count"], default: []].insert(row["content_digest"])
      }
      return result
    }
  }

  /// The longest contents that were counted and start with the same line, and how others go on from it;
  /// nil when none were.
  ///
  /// - Parameter countedByteCount: how many bytes at the start are known to have been counted.
  package func earlierContents(
    head: String, contentDigest: String, byteCount: Int, countedByteCount: Int
  ) throws(StoreError) -> EarlierContents? {
    guard !head.isEmpty else { return nil }
    return try read { connection in
      let rows = try Row.fetchAll(
        connection,
        sql: """
          select content_digest, byte_count, path, counted_at
          from ingested_contents
          where head = ? and counted_at is not null
          order by byte_count desc, content_digest
          """, arguments: [head])
      let same = rows.first { row in
        let digest: String = row["content_digest"]
        return digest == contentDigest
      }
      guard let row = same ?? rows.first, let time = UTCTime(row["counted_at"] as String) else {
        return nil
      }
      let earlierCount: Int = row["byte_count"]
      let relation: EarlierContents.Relation =
        if same != nil {
          .same
        } else if countedByteCount >= earlierCount {
          .grown
        } else if byteCount < earlierCount {
          .shortened
        } else {
          .changed
        }
      return EarlierContents(
        relation: relation, path: row["path"], byteCount: earlierCount, countedAt: time)
    }
  }

  /// Lets go of the traffic of days before a moment; what was counted stays known, so that it is not
  /// counted again.
  package func dropTraffic(before time: UTCTime) throws(StoreError) {
    try write { connection in
      for table in [
        "observed_requests", "log_hours", "call_chains", "traced_workloads", "counted_traces",
      ] {
        try connection.execute(
          sql: "delete from \"\(table)\" where day < ?", arguments: [time.dayText])
      }
    }
  }

  /// Everything that was observed, over all runs, sorted by key.
  package func traffic() throws(StoreError) -> [(key: ObservedRequestKey, sum: ObservedRequestSum)]
  {
    try rows(TrafficRow.keyColumns + TrafficRow.sumColumns) { row in
      (TrafficRow.key(row), TrafficRow.sum(row, from: TrafficRow.keyColumns.count))
    }
  }

  /// The same without what was added up, each with the id of its row.
  package func trafficKeys() throws(StoreError) -> [(id: Int64, key: ObservedRequestKey)] {
    try rows(TrafficRow.keyColumns + ["observed_request_id"]) { row in
      (row[TrafficRow.keyColumns.count], TrafficRow.key(row))
    }
  }

  private func rows<Value>(_ columns: [String], _ value: (Row) -> Value) throws(StoreError)
    -> [Value]
  {
    try read { connection in
      var result: [Value] = []
      let rows = try Row.fetchCursor(
        connection,
        sql: """
          select \(columns.joined(separator: ", "))
          from observed_requests
          order by observed_request_id
          """)
      while let row = try rows.next() { result.append(value(row)) }
      return result
    }
  }
}
