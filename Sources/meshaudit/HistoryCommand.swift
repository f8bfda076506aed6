import ArgumentParser
import AuditPipeline

/// `meshaudit history`: runs and their findings over time.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Runs of a database, oldest first.",
    discussion: """
      Example:
        meshaudit audit samples/istio-agents --database audit.sqlite --quiet
        meshaudit history --database audit.sqlite
      """)

  @Option(help: "A database that `meshaudit audit --database` has written.")
  var database: String

  @Option(help: "table, json or csv.")
  var format = TableFormat.table

  func run() throws {
    let table = try StoredRuns(database: database).history()
    Console.output(table, as: format)
  }
}
