import AuditModel
import GRDB
import MeshModel

/// The columns of `observed_requests` and the nouns that they stand for.
enum TrafficRow {
  static let keyColumns = [
    "day", "side", "source_principal", "source_namespace", "source_name", "source_host",
    "destination_principal", "destination_namespace", "destination_name", "destination_host",
    "port", "protocol", "method", "path_template", "response_class", "outcome", "denied_by",
    "identity_source", "is_path_trusted", "is_mtls", "format", "evidence",
  ]

  static let sumColumns = [
    "request_count", "first_seen", "last_seen", "bytes_received", "bytes_sent", "latency_buckets",
    "paired_count",
  ]

  /// Finds the row of a key.
  static let keyCondition = keyColumns.map { "\($0) is ?" }.joined(separator: " and ")

  /// In the order of `keyColumns`; as SQLite's values, for there are many rows of them.
  static func keyValues(_ key: ObservedRequestKey) -> [DatabaseValue] {
    func text(_ value: String?) -> DatabaseValue { (value ?? "").databaseValue }
    return [
      key.day.databaseValue, key.side.rawValue.databaseValue, text(key.source.principal),
      text(key.source.workload?.namespace), text(key.source.workload?.name), text(key.source.host),
      text(key.destination.principal), text(key.destination.workload?.namespace),
      text(key.destination.workload?.name), text(key.destination.host),
      (key.port ?? 0).databaseValue, key.protocolName.databaseValue, text(key.method),
      text(key.pathTemplate), key.responseClass.databaseValue, key.outcome.rawValue.databaseValue,
      text(key.deniedBy), key.identitySource.rawValue.databaseValue,
      key.isPathTrusted.databaseValue, key.isMTLS?.databaseValue ?? .null,
      key.format.databaseValue, key.evidence.rawValue.databaseValue,
    ]
  }

  /// The key of a row that starts with `keyColumns`: by place, for names are looked up in a list each time.
  static func key(_ row: Row) -> ObservedRequestKey {
    func text(_ place: Int) -> String? {
      let value: String = row[place]
      return value.isEmpty ? nil : value
    }
    func party(from place: Int) -> ObservedParty {
      let workload = text(place + 2).map {
        WorkloadID(namespace: text(place + 1) ?? "", name: $0)
      }
      return ObservedParty(principal: text(place), workload: workload, host: text(place + 3))
    }
    let port: Int = row[10]
    return ObservedRequestKey(
      day: row[0], side: .init(rawValue: row[1]) ?? .server, source: party(from: 2),
      destination: party(from: 6), port: port == 0 ? nil : port, protocolName: row[11],
      method: text(12), pathTemplate: text(13), responseClass: row[14],
      outcome: .init(rawValue: row[15]) ?? .failed, deniedBy: text(16),
      identitySource: IdentitySource(rawValue: row[17]) ?? .none, isPathTrusted: row[18],
      isMTLS: row[19], format: row[20], evidence: TrafficEvidence(rawValue: row[21]) ?? .log)
  }

  /// The sums of a row that has `sumColumns` from a place on.
  static func sum(_ row: Row, from place: Int) -> ObservedRequestSum {
    ObservedRequestSum(
      count: row[place], firstSeen: UTCTime(row[place + 1]) ?? UTCTime(seconds: 0),
      lastSeen: UTCTime(row[place + 2]) ?? UTCTime(seconds: 0), bytesReceived: row[place + 3],
      bytesSent: row[place + 4], latency: LatencyHistogram(buckets: buckets(row[place + 5])),
      pairedCount: row[place + 6])
  }

  static func sumValues(_ sum: ObservedRequestSum) -> [DatabaseValue] {
    [
      sum.count.databaseValue, sum.firstSeen.millisecondText.databaseValue,
      sum.lastSeen.millisecondText.databaseValue, sum.bytesReceived.databaseValue,
      sum.bytesSent.databaseValue, text(sum.latency).databaseValue, sum.pairedCount.databaseValue,
    ]
  }

  /// Counts with commas between them, as `text(_:)` writes them; most are 0 or short.
  private static func buckets(_ text: String) -> [UInt64] {
    guard !text.isEmpty else { return [] }
    var buckets: [UInt64] = []
    buckets.reserveCapacity(LatencyHistogram.bucketCount)
    var count: UInt64 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: ",") {
        buckets.append(count)
        count = 0
      } else {
        count = count &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
      }
    }
    buckets.append(count)
    return buckets
  }

  private static func text(_ histogram: LatencyHistogram) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * histogram.buckets.count)
    for bucket in histogram.buckets {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      if bucket < 10 {
        bytes.append(UInt8(ascii: "0") + UInt8(bucket))
      } else {
        bytes += String(bucket).utf8
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
