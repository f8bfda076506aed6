/// The query that adds access logs up where they already live, for `meshaudit summarize` and `audit` to
/// read.
///
/// The engine adds up requests by what decides their meaning and leaves the meaning to the readers here:
/// its rows hold the members of the access log format, and so go through the same resolution as lines
/// do. Queries of paths never leave the engine.
package struct EngineQuery {
  /// Where the logs live.
  package enum Source: Hashable, Sendable {
    /// The OpenTelemetry exporter's table, with the members of the format in `LogAttributes`.
    case openTelemetry(table: String)
    /// Files of JSON lines.
    case json(files: String)
  }

  /// What the first member of every row says.
  package static let schema = "traffic-rows-1"

  /// Whether contents start as what the query writes does.
  package static func recognises(_ prefix: UnsafeRawBufferPointer) -> Bool {
    prefix.starts(with: "{\"meshaudit_schema\":\"\(schema)\"".utf8)
  }

  private let dialect: any EngineDialect
  private let source: Source
  private let members: [Member]

  /// A member of the format that is read.
  struct Member {
    var name: String
    var meaning: FieldMeaning
    var field: LogField

    /// Whether its value differs from request to request: rows join no pairs (docs/decisions/011).
    var isOfOneRequest: Bool {
      meaning == .field && (field == .requestID || field == .upstreamLocalAddress)
    }

    var isNumber: Bool {
      switch meaning {
      case .code, .bytesReceived, .bytesSent, .duration, .durationNanoseconds: true
      case .field, .time, .unused, .unknown: false
      }
    }
  }

  /// A query for an engine; nil when the format has a member that its SQL cannot name.
  ///
  /// - Parameter format: the JSON format that the logs have; nil for Istio's default.
  package init?(engine: Engine, source: Source, format: AccessLogFormat?) {
    switch engine {
    case .clickhouse: dialect = ClickHouseDialect()
    case .duckdb: dialect = DuckDBDialect()
    case .spark: dialect = SparkDialect()
    }
    self.source = source
    var members: [Member] = []
    switch format?.layout {
    case .json(let operators):
      for (name, value) in operators {
        members.append(Member(name: name, meaning: value.meaning, field: value.field))
      }
    case .text: return nil
    case nil:
      members = JSONKeySets.istio.map { Member(name: $0.0, meaning: $0.1, field: $0.2) }
    }
    members.removeAll { $0.meaning == .unused || $0.meaning == .unknown || $0.isOfOneRequest }
    members.sort { $0.name < $1.name }
    guard members.allSatisfy({ EngineQuery.isName($0.name) }),
      members.contains(where: { $0.meaning == .time })
    else { return nil }
    self.members = members
  }

  /// Whether every engine can name the member: no quotes, and no dots, which stand for nesting.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// The text of the query.
  package var text: String {
    let columns = members.indices.map { "m\($0)" }
    let time = members.firstIndex { $0.meaning == .time } ?? 0
    let sums = members.indices.filter {
      members[$0].meaning == .bytesReceived || members[$0].meaning == .bytesSent
    }
    let durations = members.indices.filter {
      members[$0].meaning == .duration || members[$0].meaning == .durationNanoseconds
    }
    let keys = members.indices.filter { index in
      index != time && !sums.contains(index) && !durations.contains(index)
    }
    let values = members.indices.map { "    \(value($0)) as \(columns[$0])" }
    let bytes = sums.map { "coalesce(\(columns[$0]), 0)" }.joined(separator: " + ")
    let groups = ["day"] + keys.map { columns[$0] } + (sums.isEmpty ? [] : ["has_bytes"])
    let bucket = durations.first.map { bucketText($0) } ?? dialect.noNumber

    var rows: [String] = []
    for (index, member) in members.enumerated() {
      let name = dialect.name(member.name)
      if index == time {
        rows.append("    min(first_time) as \(name)")
      } else if sums.contains(index) {
        rows.append("    sum(sum_\(columns[index])) as \(name)")
      } else if keys.contains(index) {
        rows.append("    \(columns[index]) as \(name)")
      }
    }
    let totals = sums.map { "    sum(\(columns[$0])) as sum_\(columns[$0])," }
    let outer =
      ["meshaudit_schema", "meshaudit_rows", "meshaudit_count", "meshaudit_last"].map { $0 }
      + ["meshaudit_hours", "meshaudit_latency"]
    let names =
      members.indices.filter { !durations.contains($0) }.map { dialect.name(members[$0].name) }
    let query = """
      with line as (
        select
      \(values.joined(separator: ",\n"))
        from \(dialect.source(source, members))
      ),
      request as (
        select
          \((columns.map { $0 }).joined(separator: ", ")),
          substring(\(columns[time]), 1, 10) as day,
          \(dialect.hourBit(of: columns[time])) as hour_bit,
          \(sums.isEmpty ? "true" : "\(bytes) > 0") as has_bytes,
          \(bucket) as bucket
        from line
        where \(columns[time]) <> ''
      ),
      bucket_count as (
        select
          \(groups.joined(separator: ", ")), bucket,
          count(*) as line_count,
          min(\(columns[time])) as first_time,
          max(\(columns[time])) as last_time,
      \(totals.map { "    \($0.trimmingSpace)" }.joined(separator: "\n"))
          \(dialect.anyBit("hour_bit")) as hour_bits
        from request
        group by \(groups.joined(separator: ", ")), bucket
      ),
      traffic as (
        select
          '\(EngineQuery.schema)' as meshaudit_schema,
          sum(line_count) as meshaudit_count,
          max(last_time) as meshaudit_last,
          \(dialect.anyBit("hour_bits")) as meshaudit_hours,
          \(dialect.joined("bucket", "line_count")) as meshaudit_latency,
      \(rows.joined(separator: ",\n"))
        from bucket_count
        group by \(groups.joined(separator: ", "))
      ),
      numbered as (
        select
          meshaudit_schema, count(*) over () as meshaudit_rows, meshaudit_count, meshaudit_last,
          meshaudit_hours, meshaudit_latency, \(names.joined(separator: ", "))
        from traffic
      )
      """
    return dialect.whole(query, columns: outer + names)
  }

  /// The value of a member, as it decides where a request is counted.
  private func value(_ index: Int) -> String {
    let member = members[index]
    let value = dialect.value(member, of: source)
    guard !member.isNumber else { return value }
    let text = "coalesce(\(value), '')"
    guard member.meaning == .field else { return text }
    switch member.field {
    case .path, .loggedPath:
      // What is replaced here would be replaced by the reader just so; what is left, it replaces.
      var path = dialect.replacing(text, "[?#].*$", with: "")
      // Twice, for two identifiers in a row share a slash.
      for _ in 0..<2 { path = dialect.replacing(path, "/[0-9]+(/|$)", with: "/{id}", group: 1) }
      let hex = "[0-9a-fA-F]"
      let uuid = "/\(hex){8}-\(hex){4}-\(hex){4}-\(hex){4}-\(hex){12}(/|$)"
      for _ in 0..<2 { path = dialect.replacing(path, uuid, with: "/{id}", group: 1) }
      return path
    case .remoteAddress, .directRemoteAddress:
      // Ports of callers tell nothing; 0 means that a header gave the address (spec access-logs 1.3).
      return dialect.replacing(text, ":[1-9][0-9]*$", with: ":1")
    default: return text
    }
  }

  /// The smallest duration of a latency bucket (`LatencyHistogram`).
  private func bucketText(_ index: Int) -> String {
    var value = "m\(index)"
    if members[index].meaning == .durationNanoseconds {
      value = dialect.quotient(value, 1_000_000)
    }
    var cases = [
      "when \(value) is null or \(value) < 0 then null", "when \(value) < 8 then \(value)",
    ]
    var step = 2
    while step < 4096 {
      cases.append("when \(value) < \(step * 8) then \(value) - \(value) % \(step)")
      step *= 2
    }
    cases.append("when \(value) < 28672 then \(value) - \(value) % 4096")
    return "case \(cases.joined(separator: "\n            ")) else 28672 end"
  }
}

extension String {
  fileprivate var trimmingSpace: Substring { drop { $0 == " " } }
}
