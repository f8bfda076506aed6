import AuditModel
import GRDB
import MeshModel

/// Adds sums to rows that are there, or makes new ones.
struct TrafficRowWriter {
  private let findDay: Statement
  private let find: Statement
  private let update: Statement
  private let insert: RowWriter

  init(_ connection: Database) throws {
    findDay = try connection.cachedStatement(
      sql: "select 1 from observed_requests where day = ? limit 1")
    find = try connection.cachedStatement(
      sql: """
        select \(TrafficRow.sumColumns.joined(separator: ", ")), observed_request_id
        from observed_requests indexed by observed_requests_key
        where \(TrafficRow.keyCondition)
        """)
    update = try connection.cachedStatement(
      sql: """
        update observed_requests
        set \(TrafficRow.sumColumns.map { "\($0) = ?" }.joined(separator: ", "))
        where observed_request_id = ?
        """)
    insert = try RowWriter(
      connection, table: "observed_requests",
      columns: TrafficRow.keyColumns + TrafficRow.sumColumns + [
        "is_identity_verified", "previous_day",
      ])
  }

  /// Adds them in an order of their own, so that equal traffic makes equal databases, and the index grows
  /// at its end.
  func add(_ traffic: [ObservedRequestKey: ObservedRequestSum]) throws {
    var isDayNew: [String: Bool] = [:]
    for day in Set(traffic.keys.lazy.map(\.day)) {
      isDayNew[day] = try Int.fetchOne(findDay, arguments: [day]) == nil
    }
    // Keys are large: what is sorted are their texts with their places.
    let order = traffic.indices.map {
      (text: TrafficRowWriter.text(of: traffic[$0].key), place: $0)
    }
    .sorted { $0.text < $1.text }
    for (key, sum) in order.lazy.map({ traffic[$0.place] }) {
      let values = TrafficRow.keyValues(key)
      // Keys differ, so none of a new day can be there.
      if isDayNew[key.day] == true {
        try add(key, values, sum)
      } else if let row = try Row.fetchOne(find, arguments: StatementArguments(values)) {
        var total = TrafficRow.sum(row, from: 0)
        total.add(sum)
        let id: Int64 = row[TrafficRow.sumColumns.count]
        try update.execute(
          arguments: StatementArguments(TrafficRow.sumValues(total) + [id.databaseValue]))
      } else {
        try add(key, values, sum)
      }
    }
  }

  private func add(
    _ key: ObservedRequestKey, _ values: [DatabaseValue], _ sum: ObservedRequestSum
  ) throws {
    let previousDay =
      key.evidence == .counter ? UTCTime(key.day)?.adding(days: -1).dayText ?? "" : ""
    try insert.insert(
      values: values + TrafficRow.sumValues(sum) + [
        key.identitySource.isVerified.databaseValue, previousDay.databaseValue,
      ])
  }

  /// Orders keys as the index that finds them does.
  private static func text(of key: ObservedRequestKey) -> String {
    var text = key.day
    let port = String(key.port ?? 0)
    for part in [
      key.destination.workload?.namespace ?? "", key.destination.workload?.name ?? "",
      String(repeating: "0", count: max(0, 5 - port.utf8.count)) + port, key.source.principal ?? "",
      key.source.workload?.namespace ?? "", key.source.workload?.name ?? "", key.source.host ?? "",
      key.destination.principal ?? "", key.destination.host ?? "", key.side.rawValue,
      key.protocolName, key.method ?? "", key.pathTemplate ?? "", key.responseClass,
      key.outcome.rawValue, key.deniedBy ?? "", key.identitySource.rawValue,
      key.isPathTrusted ? "1" : "0", key.isMTLS.map { $0 ? "1" : "0" } ?? "", key.format,
    ] {
      text += "\u{0}"
      text += part
    }
    return text
  }
}
