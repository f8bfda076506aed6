/// Names a finding over time: rule, subject and discriminator, and neither path nor line, so that moved
/// files and changed lines do not make it another finding.
package enum Fingerprint {
  /// - Parameter hash: SHA-256 in lower-case hex.
  package static func of(
    ruleID: String, subject: String, discriminator: String, hash: ([UInt8]) -> String
  ) -> String {
    // NUL cannot be part of a name, so the parts cannot run into each other.
    let bytes = Array("\(ruleID)\u{0}\(subject)\u{0}\(discriminator)".utf8)
    return "fp1:" + hash(bytes).prefix(32)
  }
}
