import ArgumentParser
import AuditPipeline
import Reporting

/// `meshaudit report`: renders an earlier run again.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Render an earlier run again.",
    discussion: """
      Example:
        meshaudit audit samples/istio-agents --database audit.sqlite --quiet
        meshaudit report --database audit.sqlite --format markdown
      """)

  @Option(help: "A database that `meshaudit audit --database` has written.")
  var database: String

  @Option(
    name: .customLong("run"),
    help: "Number of the run, as `meshaudit history` lists it; default the latest.")
  var number: Int?

  @Option(help: "html, junit, json, sarif, csv or markdown.")
  var format: ReportFormat

  @Option(help: "How JUnit XML is written: common or strict.")
  var junitDialect = ReportOptions.JUnitDialect.common

  @Option(help: "File to write; default standard output.")
  var output: String?

  func run() throws {
    let bytes = try StoredRuns(database: database).render(
      run: number, format: format, junitDialect: junitDialect)
    if let output {
      try StoredRuns.write(bytes, to: output)
      Console.output("wrote \(output)\n")
    } else {
      Console.output(bytes)
    }
  }
}
