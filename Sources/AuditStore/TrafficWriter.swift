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
      let writer = try TrafficRowWriter(connection)
      for (key, sum) in traffic { try writer.add(key, sum) }
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
    try read { connection in
      var result: [(key: ObservedRequestKey, sum: ObservedRequestSum)] = []
      let rows = try Row.fetchCursor(
        connection, sql: "select * from observed_requests order by observed_request_id")
      while let row = try rows.next() { result.append(TrafficRow.decode(row)) }
      return result
    }
  }
}

/// The columns of `observed_requests` and the nouns that they stand for.
enum TrafficRow {
  static let keyColumns = [
    "day", "side", "source_principal", "source_namespace", "source_name", "source_host",
    "destination_principal", "destination_namespace", "destination_name", "destination_host",
    "port", "protocol", "method", "path_template", "response_class", "outcome", "denied_by",
    "identity_source", "is_path_trusted", "is_mtls", "format", "evidence",
  ]

  static func keyValues(_ key: ObservedRequestKey) -> [(any DatabaseValueConvertible)?] {
    [
      key.day, key.side.rawValue, key.source.principal ?? "", key.source.workload?.namespace ?? "",
      key.source.workload?.name ?? "", key.source.host ?? "", key.destination.principal ?? "",
      key.destination.workload?.namespace ?? "", key.destination.workload?.name ?? "",
      key.destination.host ?? "", key.port ?? 0, key.protocolName, key.method ?? "",
      key.pathTemplate ?? "", key.responseClass, key.outcome.rawValue, key.deniedBy ?? "",
      key.identitySource.rawValue, key.isPathTrusted, key.isMTLS, key.format,
      key.evidence.rawValue,
    ]
  }

  static func decode(_ row: Row) -> (key: ObservedRequestKey, sum: ObservedRequestSum) {
    func text(_ name: String) -> String? {
      let value: String = row[name]
      return value.isEmpty ? nil : value
    }
    func party(_ name: String) -> ObservedParty {
      let workload = text("\(name)_name").map {
        WorkloadID(namespace: text("\(name)_namespace") ?? "", name: $0)
      }
      return ObservedParty(
        principal: text("\(name)_principal"), workload: workload, host: text("\(name)_host"))
    }
    let port: Int = row["port"]
    let key = ObservedRequestKey(
      day: row["day"], side: .init(rawValue: row["side"]) ?? .server, source: party("source"),
      destination: party("destination"), port: port == 0 ? nil : port,
      protocolName: row["protocol"], method: text("method"), pathTemplate: text("path_template"),
      responseClass: row["response_class"], outcome: .init(rawValue: row["outcome"]) ?? .failed,
      deniedBy: text("denied_by"),
      identitySource: IdentitySource(rawValue: row["identity_source"]) ?? .none,
      isPathTrusted: row["is_path_trusted"], isMTLS: row["is_mtls"], format: row["format"],
      evidence: TrafficEvidence(rawValue: row["evidence"]) ?? .log)
    let sum = ObservedRequestSum(
      count: row["request_count"], firstSeen: UTCTime(row["first_seen"]) ?? UTCTime(seconds: 0),
      lastSeen: UTCTime(row["last_seen"]) ?? UTCTime(seconds: 0),
      bytesReceived: row["bytes_received"], bytesSent: row["bytes_sent"],
      latency: LatencyHistogram(buckets: buckets(row["latency_buckets"])),
      pairedCount: row["paired_count"])
    return (key, sum)
  }

  static func buckets(_ text: String) -> [UInt64] {
    text.split(separator: ",").compactMap { UInt64($0) }
  }

  static func text(_ histogram: LatencyHistogram) -> String {
    histogram.buckets.map(String.init).joined(separator: ",")
  }
}

/// Adds sums to rows that are there, or makes new ones.
struct TrafficRowWriter {
  private let find: Statement
  private let update: Statement
  private let insert: RowWriter

  init(_ connection: Database) throws {
    let condition = TrafficRow.keyColumns.map { "\($0) is ?" }.joined(separator: " and ")
    find = try connection.cachedStatement(
      sql: """
        select observed_request_id, request_count, first_seen, last_seen, bytes_received, bytes_sent,
          latency_buckets, paired_count
        from observed_requests indexed by observed_requests_key
        where \(condition)
        """)
    update = try connection.cachedStatement(
      sql: """
        update observed_requests
        set request_count = ?, first_seen = ?, last_seen = ?, bytes_received = ?, bytes_sent = ?,
          latency_buckets = ?, paired_count = ?
        where observed_request_id = ?
        """)
    insert = try RowWriter(
      connection, table: "observed_requests",
      columns: TrafficRow.keyColumns + [
        "is_identity_verified", "request_count", "first_seen", "last_seen", "bytes_received",
        "bytes_sent", "latency_buckets", "paired_count", "previous_day",
      ])
  }

  func add(_ key: ObservedRequestKey, _ sum: ObservedRequestSum) throws {
    let values = TrafficRow.keyValues(key)
    guard let row = try Row.fetchOne(find, arguments: StatementArguments(values)) else {
      let sums: [(any DatabaseValueConvertible)?] = [
        key.identitySource.isVerified, sum.count, sum.firstSeen.millisecondText,
        sum.lastSeen.millisecondText, sum.bytesReceived, sum.bytesSent,
        TrafficRow.text(sum.latency), sum.pairedCount,
        key.evidence == .counter ? UTCTime(key.day)?.adding(days: -1).dayText ?? "" : "",
      ]
      try insert.insert(values + sums)
      return
    }
    var total = ObservedRequestSum(
      count: row["request_count"], firstSeen: UTCTime(row["first_seen"]) ?? sum.firstSeen,
      lastSeen: UTCTime(row["last_seen"]) ?? sum.lastSeen, bytesReceived: row["bytes_received"],
      bytesSent: row["bytes_sent"],
      latency: LatencyHistogram(buckets: TrafficRow.buckets(row["latency_buckets"])),
      pairedCount: row["paired_count"])
    total.add(sum)
    let id: Int64 = row["observed_request_id"]
    try update.execute(arguments: [
      total.count, total.firstSeen.millisecondText, total.lastSeen.millisecondText,
      total.bytesReceived, total.bytesSent, TrafficRow.text(total.latency),
      total.pairedCount, id,
    ])
  }
}

/// Writes what the policies of a run decide on observed requests.
enum TrafficDecisionWriter {
  /// - Parameter operations: row ids of `facts.operationUsage.granted`, in its order.
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, operations: [Int64?]
  ) throws {
    guard !facts.observedDecisions.isEmpty else { return }
    let condition = TrafficRow.keyColumns.map { "\($0) is ?" }.joined(separator: " and ")
    let find = try connection.cachedStatement(
      sql: """
        select observed_request_id from observed_requests indexed by observed_requests_key
        where \(condition)
        """)
    let writer = try RowWriter(
      connection, table: "observed_decisions",
      columns: [
        "observed_request_id", "run_id", "decision", "decided_by", "granted_by", "reason", "layer",
      ])
    let uses = try RowWriter(
      connection, table: "used_operations",
      columns: ["run_id", "observed_request_id", "granted_operation_id"])
    for observed in facts.observedDecisions {
      let arguments = StatementArguments(TrafficRow.keyValues(observed.key))
      guard let id = try Int64.fetchOne(find, arguments: arguments) else { continue }
      try writer.insert([
        id, runID, observed.decision.rawValue, observed.decidedBy, observed.grantedBy,
        observed.reason, observed.layer.rawValue,
      ])
      for place in facts.operationUsage.uses[observed.key] ?? [] {
        if let operation = operations[place] { try uses.insert([runID, id, operation]) }
      }
    }
  }
}
