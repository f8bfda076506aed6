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
    for (key, sum) in traffic.sorted(by: { TrafficRowWriter.isBefore($0.key, $1.key) }) {
      let values = TrafficRow.keyValues(key)
      // Keys differ, so none of a new day can be there.
      if isDayNew[key.day] == true {
        try add(key, values, sum)
      } else if let row = try Row.fetchOne(find, arguments: StatementArguments(values)) {
        var total = TrafficRow.sum(row, from: 0)
        total.add(sum)
        let id: Int64 = row[TrafficRow.sumColumns.count]
        try update.execute(arguments: StatementArguments(TrafficRow.sumValues(total) + [id]))
      } else {
        try add(key, values, sum)
      }
    }
  }

  private func add(
    _ key: ObservedRequestKey, _ values: [(any DatabaseValueConvertible)?],
    _ sum: ObservedRequestSum
  ) throws {
    try insert.insert(
      values + TrafficRow.sumValues(sum) + [
        key.identitySource.isVerified,
        key.evidence == .counter ? UTCTime(key.day)?.adding(days: -1).dayText ?? "" : "",
      ])
  }

  /// The order of the index that finds a key.
  private static func isBefore(_ left: ObservedRequestKey, _ right: ObservedRequestKey) -> Bool {
    func first(_ key: ObservedRequestKey) -> (String, String, String, Int) {
      (
        key.day, key.destination.workload?.namespace ?? "", key.destination.workload?.name ?? "",
        key.port ?? 0
      )
    }
    let (one, other) = (first(left), first(right))
    return one == other ? rest(left).lexicographicallyPrecedes(rest(right)) : one < other
  }

  private static func rest(_ key: ObservedRequestKey) -> [String] {
    [
      key.source.principal ?? "", key.source.workload?.namespace ?? "",
      key.source.workload?.name ?? "", key.source.host ?? "", key.destination.principal ?? "",
      key.destination.host ?? "", key.side.rawValue, key.protocolName, key.method ?? "",
      key.pathTemplate ?? "", key.responseClass, key.outcome.rawValue, key.deniedBy ?? "",
      key.identitySource.rawValue, "\(key.isPathTrusted)",
      key.isMTLS.map { "\($0)" } ?? "", key.format,
    ]
  }
}
