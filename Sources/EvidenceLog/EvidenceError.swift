/// Why a key or a file of evidence cannot be used.
///
/// Messages never carry key material.
package struct EvidenceError: Error, Sendable {
  package enum Code: String, Sendable {
    case notPEM = "key-not-pem"
    case encrypted = "key-encrypted"
    case unsupported = "key-unsupported"
    case invalid = "key-invalid"
    case signing = "signing-failed"
  }

  package let code: Code
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension EvidenceError: Equatable {
  package static func == (left: EvidenceError, right: EvidenceError) -> Bool {
    left.code == right.code
  }
}

extension EvidenceError: CustomStringConvertible {
  package var description: String { "\(message) [\(code.rawValue)]" }
}
