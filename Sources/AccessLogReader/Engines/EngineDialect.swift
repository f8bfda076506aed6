/// An engine for which there is a query.
package enum Engine: String, CaseIterable, Sendable {
  case clickhouse
  case duckdb
  case spark
}

/// What the engines say differently.
protocol EngineDialect {
  /// A column's name in quotes.
  func name(_ text: String) -> String
  /// What is selected from.
  func source(_ source: EngineQuery.Source, _ members: [EngineQuery.Member]) -> String
  /// The value of a member: a text, or a whole number where it is one; null when absent.
  func value(_ member: EngineQuery.Member, of source: EngineQuery.Source) -> String
  /// The text with every match replaced, by a replacement and, after it, a group of the match.
  func replacing(_ text: String, _ pattern: String, with replacement: String, group: Int?)
    -> String
  /// Null as a whole number.
  var noNumber: String { get }
  /// A whole quotient.
  func quotient(_ value: String, _ divisor: Int) -> String
  /// The bit of the hour of a time, 0 where it is not written in ISO 8601.
  func hourBit(of time: String) -> String
  /// Aggregates: all bits that are set, and `key:value` of all rows with spaces between.
  func anyBit(_ column: String) -> String
  func joined(_ key: String, _ value: String) -> String
  /// The whole statement, which writes each row of `numbered` as a JSON object on a line.
  func whole(_ query: String, columns: [String]) -> String
}

extension EngineDialect {
  func replacing(_ text: String, _ pattern: String, with replacement: String) -> String {
    replacing(text, pattern, with: replacement, group: nil)
  }

  /// A text in single quotes, for engines that double them.
  func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

/// ClickHouse, with the table of the OpenTelemetry collector's clickhouse exporter or the table function
/// `file`.
struct ClickHouseDialect: EngineDialect {
  func name(_ text: String) -> String { "`\(text)`" }

  func source(_ source: EngineQuery.Source, _ members: [EngineQuery.Member]) -> String {
    switch source {
    case .openTelemetry(let table): return table
    case .json(let files):
      let columns = members.map { "\(name($0.name)) Nullable(\($0.isNumber ? "Int64" : "String"))" }
      return "file(\(quoted(files)), 'JSONEachRow', \(quoted(columns.joined(separator: ", "))))"
    }
  }

  func value(_ member: EngineQuery.Member, of source: EngineQuery.Source) -> String {
    switch source {
    case .json: return name(member.name)
    case .openTelemetry:
      let text = "LogAttributes['\(member.name)']"
      return member.isNumber ? "toInt64OrNull(\(text))" : text
    }
  }

  func replacing(_ text: String, _ pattern: String, with replacement: String, group: Int?)
    -> String
  {
    let group = group.map { "\\\\\($0)" } ?? ""
    return "replaceRegexpAll(\(text), '(?s)\(pattern)', '\(replacement)\(group)')"
  }

  var noNumber: String { "cast(null as Nullable(Int64))" }

  func quotient(_ value: String, _ divisor: Int) -> String { "intDiv(\(value), \(divisor))" }

  func hourBit(of time: String) -> String {
    "if(substring(\(time), 11, 1) = 'T', "
      + "bitShiftLeft(1, toUInt32OrZero(substring(\(time), 12, 2))), 0)"
  }

  func anyBit(_ column: String) -> String { "groupBitOr(toUInt64(\(column)))" }

  func joined(_ key: String, _ value: String) -> String {
    "arrayStringConcat(groupArrayIf(concat(toString(\(key)), ':', toString(\(value))), "
      + "isNotNull(\(key))), ' ')"
  }

  func whole(_ query: String, columns: [String]) -> String {
    """
    \(query)
    select \(columns.joined(separator: ", "))
    from numbered
    format JSONEachRow
    settings output_format_json_quote_64bit_integers = 0;

    """
  }
}

/// DuckDB, with JSON lines or a table with the columns of OpenTelemetry's.
struct DuckDBDialect: EngineDialect {
  func name(_ text: String) -> String { "\"\(text)\"" }

  func source(_ source: EngineQuery.Source, _ members: [EngineQuery.Member]) -> String {
    switch source {
    case .openTelemetry(let table): return table
    case .json(let files):
      let columns = members.map { "\(name($0.name)): 'varchar'" }.joined(separator: ", ")
      return
        "read_json(\(quoted(files)), format = 'newline_delimited', columns = {\(columns)})"
    }
  }

  func value(_ member: EngineQuery.Member, of source: EngineQuery.Source) -> String {
    var text = name(member.name)
    if case .openTelemetry = source { text = "LogAttributes['\(member.name)']" }
    return member.isNumber ? "try_cast(\(text) as bigint)" : text
  }

  func replacing(_ text: String, _ pattern: String, with replacement: String, group: Int?)
    -> String
  {
    let group = group.map { "\\\($0)" } ?? ""
    return "regexp_replace(\(text), '\(pattern)', '\(replacement)\(group)', 'gs')"
  }

  var noNumber: String { "cast(null as bigint)" }

  func quotient(_ value: String, _ divisor: Int) -> String { "\(value) // \(divisor)" }

  func hourBit(of time: String) -> String {
    "case when substring(\(time), 11, 1) = 'T' "
      + "then 1 << coalesce(try_cast(substring(\(time), 12, 2) as integer), 0) else 0 end"
  }

  func anyBit(_ column: String) -> String { "bit_or(\(column))" }

  func joined(_ key: String, _ value: String) -> String {
    "string_agg(\(key) || ':' || \(value), ' ') filter (where \(key) is not null)"
  }

  func whole(_ query: String, columns: [String]) -> String {
    """
    copy (
    \(query)
    select \(columns.joined(separator: ", "))
    from numbered
    ) to 'traffic-rows.jsonl' (format json);

    """
  }
}

/// Apache Spark, with JSON lines or a table with the columns of OpenTelemetry's.
struct SparkDialect: EngineDialect {
  func name(_ text: String) -> String { "`\(text)`" }

  func source(_ source: EngineQuery.Source, _ members: [EngineQuery.Member]) -> String {
    switch source {
    case .openTelemetry(let table): return table
    case .json(let files):
      let columns = members.map { "\(name($0.name)) string" }.joined(separator: ", ")
      return "(select from_json(value, '\(columns)') as record from "
        + "text.`\(files.replacing("`", with: "``"))`) as text_line"
    }
  }

  func value(_ member: EngineQuery.Member, of source: EngineQuery.Source) -> String {
    let text: String
    switch source {
    case .json: text = "record.\(name(member.name))"
    case .openTelemetry: text = "LogAttributes['\(member.name)']"
    }
    return member.isNumber ? "try_cast(\(text) as bigint)" : text
  }

  func replacing(_ text: String, _ pattern: String, with replacement: String, group: Int?)
    -> String
  {
    let group = group.map { "$\($0)" } ?? ""
    return "regexp_replace(\(text), '(?s)\(pattern)', '\(replacement)\(group)')"
  }

  var noNumber: String { "cast(null as bigint)" }

  func quotient(_ value: String, _ divisor: Int) -> String { "\(value) div \(divisor)" }

  func hourBit(of time: String) -> String {
    "case when substring(\(time), 11, 1) = 'T' "
      + "then shiftleft(1, coalesce(try_cast(substring(\(time), 12, 2) as int), 0)) else 0 end"
  }

  func anyBit(_ column: String) -> String { "bit_or(\(column))" }

  func joined(_ key: String, _ value: String) -> String {
    "concat_ws(' ', collect_list(concat(\(key), ':', \(value))))"
  }

  func whole(_ query: String, columns: [String]) -> String {
    """
    \(query)
    select to_json(struct(\(columns.joined(separator: ", "))))
    from numbered;

    """
  }
}
