import ArgumentParser
import AuditPipeline

/// `meshaudit evidence`: signed evidence of runs.
struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Keys for evidence, and checking it.",
    discussion: """
      Example:
        meshaudit evidence keygen --output audit-key
        meshaudit evidence verify meshaudit-report --key audit-key.pub.pem
      """,
    subcommands: [Verify.self, Keygen.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that the reports of a run are the ones that were signed.",
      discussion: """
        Exit codes: 0 verified, 1 something does not match, 2 nothing to verify.

        Example:
          meshaudit evidence verify meshaudit-report --key audit-key.pub.pem
        """)

    @Argument(help: "Output folder of a run.")
    var folder: String

    @Option(help: "Public key in PEM; without it only digests are checked.")
    var key: String?

    func run() throws {
      let result = try EvidenceCheck.verify(folder: folder, keyPath: key)
      for problem in result.problems { Console.note(problem) }
      Console.output(result.summary + "\n")
      throw ExitCode(result.exitCode)
    }
  }

  struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key pair: NAME.pem (private, mode 0600) and NAME.pub.pem.",
      discussion: """
        Example:
          meshaudit evidence keygen --output audit-key
        """)

    @Option(help: "Name of the files, without ending.")
    var output: String

    @Option(help: "p256 or ed25519.")
    var algorithm = EvidenceCheck.KeyAlgorithm.p256

    func run() throws {
      for path in try EvidenceCheck.makeKeys(named: output, algorithm: algorithm) {
        Console.output("wrote \(path)\n")
      }
    }
  }
}

extension EvidenceCheck.KeyAlgorithm: ExpressibleByArgument {}
