import Crypto
import Foundation

/// The digest of a style sheet as a content security policy names it.
///
/// W3C Content Security Policy Level 3, section 2.3.1, `hash-source`.
enum StyleDigest {
  static func base64(of bytes: [UInt8]) -> String {
    Data(SHA256.hash(data: bytes)).base64EncodedString()
  }
}
