import ArgumentParser
import AuditPipeline

/// `meshaudit docs`: writes the generated pages of the documentation.
///
/// For developers.
struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Write the generated pages of the documentation.",
    shouldDisplay: false)

  @Argument(help: "The folder `docs`.")
  var folder: String

  @Flag(help: "Write nothing; fail when a page is stale.")
  var check = false

  func run() throws {
    let stale = try GeneratedDocs.update(folder: folder, isCheck: check)
    for page in stale { Console.note(check ? "stale: \(page)" : "wrote \(page)") }
    if check, !stale.isEmpty {
      Console.note("run `make docs`")
      throw ExitCode(1)
    }
  }
}
