import ArgumentParser
import AuditPipeline

/// How tables are printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
  case csv
}

/// `meshaudit query`: read-only SQL over the documented views.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Read-only SQL over the documented views of a database.",
    discussion: """
      One SELECT; docs/views.md lists the views. json prints an array of objects.

      Example:
        meshaudit audit samples/istio-agents --database audit.sqlite --quiet
        meshaudit query --database audit.sqlite "select namespace, name, dataplane from workload"
      """)

  @Option(help: "A database that `meshaudit audit --database` has written.")
  var database: String

  @Argument(help: "The statement.")
  var sql: String

  @Option(help: "table, json or csv.")
  var format = TableFormat.table

  func run() throws {
    let table = try ViewQuery.run(sql, database: database)
    switch format {
    case .table: Console.output(table.text(width: Console.isTerminal(1) ? Console.width : nil))
    case .json: Console.output(table.json)
    case .csv: Console.output(table.csv)
    }
  }
}
