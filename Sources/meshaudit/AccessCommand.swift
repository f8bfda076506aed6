import ArgumentParser
import AuditPipeline
import MeshModel
import Reporting

extension AccessListing.Selection: ExpressibleByArgument {}

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
        meshaudit access samples/istio-agents --from gateways/ingressgateway --transitive 4
      """)

  @Argument(help: "Files and folders with manifests.")
  var paths: [String] = []

  @Option(help: "The current run of this database, instead of manifests.")
  var database: String?

  @Option(
    help: "Only this source, or those whose names begin so: a workload, `agents/`, `outside`.")
  var from: String?

  @Option(help: "Only this destination, or those whose names begin so.")
  var to: String?

  @Option(help: "Only unauthenticated, cross-namespace, cross-tenant or external access.")
  var only: AccessListing.Selection?

  @Option(help: "What is reached through others in at most this many calls, with the path.")
  var transitive: Int?

  @Flag(help: "Also list what is denied.")
  var denied = false

  @Option(help: "table, json, csv or dot.")
  var format = Format.table

  @OptionGroup var releases: ReleaseOptions

  func validate() throws {
    if let transitive, transitive < 1 {
      throw ValidationError("--transitive takes a number of calls from 1 on")
    }
    if paths.isEmpty, database == nil {
      throw ValidationError("name files or folders with manifests, or give --database")
    }
  }

  func run() async throws {
    var listing = AccessListing()
    listing.paths = paths
    listing.database = database
    listing.from = from
    listing.to = to
    listing.only = only
    listing.hopLimit = transitive
    listing.showsDenied = denied
    listing.istioVersion = releases.istioVersion
    listing.linkerdVersion = releases.linkerdVersion
    let result = try await listing.run()
    for diagnostic in result.diagnostics { Console.note(TerminalText.safe(diagnostic.description)) }
    for note in result.notes { Console.note(note) }
    switch format {
    case .table: Console.output(result.table, as: .table)
    case .json: Console.output(result.table, as: .json)
    case .csv: Console.output(result.table, as: .csv)
    case .dot: Console.output(result.dot)
    }
    throw ExitCode(result.diagnostics.isEmpty ? 0 : 2)
  }
}
