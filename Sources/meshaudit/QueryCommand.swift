import ArgumentParser
import AuditPipeline

/// `meshaudit query`: read-only SQL over the documented views.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Read-only SQL over the documented views of a database.",
    discussion: """
      One SELECT; docs/views.md lists the views. json prints an array of objects.

      Example:
        meshaudit audit samples/istio-agents --database audit.sqlite --quiet
        meshaudit query --database audit.sqlite "select namespace, name from workload"
      """)

  @Option(help: "A database that `meshaudit audit --database` has written.")
  var database: String

  @Argument(help: "The statement.")
  var sql: String

  @Option(help: "table, json or csv.")
  var format = TableFormat.table

  func run() throws {
    let table = try ViewQuery.run(sql, database: database)
    Console.output(table, as: format)
  }
}
