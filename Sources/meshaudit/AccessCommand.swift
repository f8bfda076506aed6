import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

/// `meshaudit access`: who may call what.
struct AccessCommand: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
    case dot
  }

  static let configuration = CommandConfiguration(
    commandName: "access",
    abstract: "Who may call what, over all layers.",
    discussion: """
      Example:
        meshaudit access samples/istio-agents --to agents/planner
      """)

  @Argument(help: "Files and folders with manifests.")
  var paths: [String]

  @Option(
    help: "Only sources whose name starts with this: a workload, `unauthenticated`, `outside`.")
  var from: String?

  @Option(help: "Only destinations whose name starts with this.")
  var to: String?

  @Flag(help: "Also list what is denied.")
  var denied = false

  @Option(help: "table, json, csv or dot.")
  var format = Format.table

  func run() async throws {
    let listing = try await AccessListing(paths: paths, from: from, to: to, showsDenied: denied)
      .run()
    for diagnostic in listing.diagnostics {
      Console.note(diagnostic.description)
    }
    switch format {
    case .table: Console.output(listing.table, as: .table)
    case .json: Console.output(listing.table, as: .json)
    case .csv: Console.output(listing.table, as: .csv)
    case .dot: Console.output(listing.dot)
    }
    throw ExitCode(listing.diagnostics.isEmpty ? 0 : 2)
  }
}
