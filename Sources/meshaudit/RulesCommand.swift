import ArgumentParser
import AuditPipeline
import Foundation

/// `meshaudit rules`: packs, documentation, self-test.
struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "List, explain, test and start rules.",
    discussion: """
      Example:
        meshaudit rules show LP-001
      """,
    subcommands: [List.self, Show.self, Test.self, New.self])

  struct Source: ParsableArguments {
    @Option(name: .customLong("rules"), help: "Read rule packs from this folder.")
    var directory: String?
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One line for each rule.",
      discussion: """
        Example:
          meshaudit rules list --format json
        """)

    @OptionGroup var source: Source

    @Option(help: "Only this pack.")
    var pack: String?

    @Option(help: "table, json or csv.")
    var format = TableFormat.table

    func run() throws {
      let table = try RuleListing.table(directory: source.directory, pack: pack)
      Console.output(table, as: format)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a rule asks, why, and how to mend it.",
      discussion: """
        Example:
          meshaudit rules show LP-005
        """)

    @OptionGroup var source: Source

    @Argument(help: "Id of the rule.")
    var id: String

    func run() throws {
      Console.output(try RuleListing.documentation(id, directory: source.directory))
    }
  }

  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the examples of rules: they are their tests.",
      discussion: """
        Example:
          meshaudit rules test --rule LP-001
        """)

    @OptionGroup var source: Source

    @Argument(help: "Folder with rule packs; default the packs of the binary.")
    var directory: String?

    @Option(name: .customLong("rule"), help: "Only this rule; may be repeated.")
    var ids: [String] = []

    func run() async throws {
      let result = try await RuleTests.run(
        directory: directory ?? source.directory, ids: ids)
      for mismatch in result.mismatches { Console.note(mismatch) }
      Console.output(result.summary + "\n")
      throw ExitCode(result.mismatches.isEmpty ? 0 : 1)
    }
  }

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start a rule: its folder with a description, SQL and examples to fill in.",
      discussion: """
        Example:
          meshaudit rules new LP-900 wildcard-thing --pack team --into my-rules
        """)

    @Argument(help: "Id, for example LP-900.")
    var id: String

    @Argument(help: "Name in kebab case, for example wildcard-principal.")
    var name: String

    @Option(help: "Pack that it belongs to.")
    var pack: String

    @Option(help: "Folder of the packs.")
    var into = "rules"

    func run() throws {
      for path in try RuleListing.scaffold(id: id, name: name, pack: pack, into: into) {
        Console.output("wrote \(path)\n")
      }
    }
  }
}
