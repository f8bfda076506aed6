import AccessLogReader

/// `meshaudit sql`: the query that adds traffic up where the logs already live.
package enum EngineSQL {
  package enum Engine: String, CaseIterable, Sendable {
    case clickhouse
    case duckdb
    case spark
  }

  package enum Source: String, CaseIterable, Sendable {
    /// The table of OpenTelemetry's exporter.
    case otel
    /// Files of JSON lines.
    case json
  }

  /// The text of the query.
  ///
  /// - Parameters:
  ///   - input: the table, or the files; nil for `otel_logs` and `access.jsonl`.
  ///   - logFormat: a JSON format string of the mesh; nil for Istio's default.
  package static func text(engine: Engine, source: Source, input: String?, logFormat: String?)
    throws(PipelineError) -> String
  {
    let place: EngineQuery.Source
    switch source {
    case .otel:
      let table = input ?? "otel_logs"
      let isName =
        !table.isEmpty
        && table.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.".contains($0)) }
      guard isName else {
        throw PipelineError(
          .usage, "\"\(table)\" is no name of a table",
          hint: "give the table as database.table, in letters, digits and underscores")
      }
      place = .openTelemetry(table: table)
    case .json: place = .json(files: input ?? "access.jsonl")
    }
    var format: AccessLogFormat?
    if let logFormat {
      format = AccessLogFormat(jsonText: logFormat)
      guard format != nil else {
        throw PipelineError(
          .usage, "the log format is no JSON object with a %START_TIME% and a request in it",
          hint: "engines read members of JSON; summarize text logs with \"meshaudit summarize\"")
      }
    }
    let named: AccessLogReader.Engine =
      switch engine {
      case .clickhouse: .clickhouse
      case .duckdb: .duckdb
      case .spark: .spark
      }
    guard let query = EngineQuery(engine: named, source: place, format: format) else {
      throw PipelineError(
        .usage, "a member of the log format has a name that the engines cannot read",
        hint: "name members with letters, digits, underscores and dashes, and do not nest them")
    }
    return query.text
  }
}
