import AccessLogReader
import Crypto
import Foundation

/// What becomes of a client's address that no manifest knows.
package enum AddressTreatment: String, CaseIterable, Sendable {
  case omit
  case network
  case pseudonym
  case keep
}

/// What was asked for about client addresses.
package struct ClientAddresses: Sendable {
  package var treatment: AddressTreatment?
  /// File with the key of pseudonyms; without it the environment has the key.
  package var keyPath: String?

  package init() {}

  /// The environment variable that may hold the key: the bytes of its text.
  static let keyVariable = "MESHAUDIT_ADDRESS_KEY"
  private static let leastKeyByteCount = 16

  /// How logs are to be read; `byDefault` where nothing was asked for.
  func unknownAddress(byDefault: AddressTreatment) throws(PipelineError)
    -> AccessLogOptions.UnknownAddress
  {
    let treatment = treatment ?? (keyPath == nil ? byDefault : .pseudonym)
    guard keyPath == nil || treatment == .pseudonym else {
      throw PipelineError(
        .usage, "there is a key for pseudonyms, but client addresses are to be \(treatment.past)",
        hint: "ask for pseudonyms, or leave the key out")
    }
    switch treatment {
    case .omit: return .omit
    case .network: return .network
    case .keep: return .keep
    case .pseudonym: return .pseudonym(try pseudonym())
    }
  }

  private func pseudonym() throws(PipelineError) -> AddressPseudonym {
    let (bytes, name) = try key()
    guard bytes.count >= ClientAddresses.leastKeyByteCount else {
      throw PipelineError(
        .usage,
        "the key in \(name) has \(bytes.count) bytes; expected at least "
          + "\(ClientAddresses.leastKeyByteCount)",
        hint: ClientAddresses.advice)
    }
    return ClientAddresses.pseudonym(key: bytes)
  }

  private static let advice =
    "make one with `(umask 077; openssl rand -hex 32 > address.key)` and name it with --address-key"

  private func key() throws(PipelineError) -> (bytes: [UInt8], name: String) {
    if let keyPath {
      var bytes = try PrivateFile.read(keyPath)
      while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
      return (bytes, "\"\(keyPath)\"")
    }
    let variable = ClientAddresses.keyVariable
    guard let text = ProcessInfo.processInfo.environment[variable] else {
      throw PipelineError(
        .usage, "client addresses become pseudonyms under a key, and there is none",
        hint: "\(ClientAddresses.advice), or set \(variable)")
    }
    return (Array(text.utf8), variable)
  }

  /// Names are the first 64 bits of HMAC-SHA256 (RFC 2104) over the address; the id of the key is the same
  /// over a text that is no address.
  static func pseudonym(key bytes: [UInt8]) -> AddressPseudonym {
    let key = SymmetricKey(data: bytes)
    @Sendable func digest(_ text: String, _ byteCount: Int) -> String {
      let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
      return Digest.hex(Array(code.prefix(byteCount)))
    }
    return AddressPseudonym(keyID: digest("meshaudit address key", 4)) { digest($0, 8) }
  }
}

extension AddressTreatment {
  fileprivate var past: String {
    switch self {
    case .omit: "omitted"
    case .network: "cut to networks"
    case .pseudonym: "pseudonyms"
    case .keep: "kept"
    }
  }
}
