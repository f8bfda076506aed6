import ArgumentParser
import AuditPipeline

/// What becomes of client addresses that no manifest knows.
struct AddressOptions: ParsableArguments {
  @Option(
    help: """
      Client addresses that no manifest knows: omit, network, pseudonym or keep. An audit omits them, \
      and a summary with manifests; without manifests a summary keeps them.
      """)
  var addresses: AddressTreatment?

  @Option(
    help: """
      File with the key of pseudonyms; without it, the environment variable MESHAUDIT_ADDRESS_KEY \
      has the key.
      """)
  var addressKey: String?
}
