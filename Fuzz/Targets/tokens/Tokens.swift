import CertificateReader
import MeshModel

/// JWT-SVIDs, one a line or in the answer of the Workload API.
///
/// Whatever the bytes are, reading ends; and a token that is read is told of, as a private key would be.
enum Tokens: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "input", into: sink)
    precondition(
      inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "the input is gone without a word")
    precondition(
      inventory.tokens.isEmpty || !sink.diagnostics.isEmpty, "a token was met and is not told of")
    for token in inventory.tokens {
      let isNamed = token.spiffeID != nil
      precondition(!isNamed || token.subject != nil, "an identity without a subject")
    }
  }
}
