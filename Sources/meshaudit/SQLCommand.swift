import ArgumentParser
import AuditPipeline

extension EngineSQL.Engine: ExpressibleByArgument {}
extension EngineSQL.Source: ExpressibleByArgument {}

/// `meshaudit sql`: a query for the engine where the logs already live.
struct SQLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "The query that adds traffic up where the logs already live.",
    discussion: """
      Run it in ClickHouse, DuckDB or Spark and give what it writes to summarize or audit, beside logs and \
      summaries. The engine reads the logs; what their lines mean is decided here, as for logs. \
      docs/traffic-summary.md tells how each engine is called.

      Example:
        meshaudit sql --engine clickhouse --table otel.otel_logs > traffic.sql
        clickhouse-client < traffic.sql > traffic-rows.jsonl
        meshaudit audit manifests/ traffic-rows.jsonl
      """)

  @Option(help: "clickhouse, duckdb or spark.")
  var engine: EngineSQL.Engine

  @Option(
    help: """
      Where the logs live: otel (OpenTelemetry's table, with the members of the access log in \
      LogAttributes) or json (files of JSON lines). Default: otel, or json when --files is given.
      """)
  var source: EngineSQL.Source?

  @Option(help: "The table of otel. Default: otel_logs.")
  var table: String?

  @Option(help: "The files of json, as the engine names them. Default: access.jsonl.")
  var files: String?

  @Option(
    name: .customLong("log-format"),
    help: "The JSON format string of the proxies. Default: Istio's.")
  var logFormat: String?

  func validate() throws {
    if table != nil, files != nil {
      throw ValidationError("logs live in a table or in files: give --table or --files, not both")
    }
    if source == .otel, files != nil {
      throw ValidationError("--files are read as json: leave --source otel out")
    }
    if source == .json, table != nil {
      throw ValidationError("a table is read as otel: leave --source json out")
    }
  }

  func run() throws {
    let source = source ?? (files == nil ? .otel : .json)
    let text = try EngineSQL.text(
      engine: engine, source: source, input: source == .otel ? table : files,
      logFormat: logFormat)
    Console.output(Array(text.utf8))
  }
}
