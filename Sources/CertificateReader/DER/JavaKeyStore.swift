/// Reads the certificates of a Java key store (OpenJDK, `sun.security.provider.JavaKeyStore` and
/// `com.sun.crypto.provider.JceKeyStore`, engineStore).
///
/// They stand in the open: the password is for private keys, and for the digest at the end that shows
/// whether somebody changed the store. A key store in PKCS#12, which is what keytool writes since Java 9,
/// is none of these.
struct JavaKeyStore {
  enum Entry {
    /// Of a trusted certificate, or of the chain of a private key: its place in the chain from the leaf up.
    case certificate([UInt8], alias: String, chainPosition: Int?)
    /// Encrypted under the password; nothing of it is read.
    case privateKey(alias: String)
    /// A certificate of another type than X.509, with the name of that type.
    case other(type: String, alias: String)
  }

  private(set) var entries: [Entry] = []
  /// Why the entries after these were not read.
  private(set) var problem: String?

  private let bytes: [UInt8]
  private var position = 0

  private static let jksMagic: UInt32 = 0xFEED_FEED
  private static let jceksMagic: UInt32 = 0xCECE_CECE
  /// SHA-1 over the password and all before it.
  private static let digestByteCount = 20

  static func recognises(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    let magic = bytes[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return magic == jksMagic || magic == jceksMagic
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    do throws(Failure) {
      try read()
    } catch {
      problem = error.reason
    }
  }

  private struct Failure: Error {
    var reason: String
  }

  private mutating func read() throws(Failure) {
    _ = try number()
    let version = try number()
    guard version == 1 || version == 2 else {
      throw Failure(reason: "it is of version \(version); 1 and 2 are known")
    }
    let count = try number()
    for index in 0..<count {
      guard position < bytes.count - Self.digestByteCount else {
        throw Failure(reason: "it is cut short after \(index) of \(count) entries")
      }
      try readEntry(version: version)
    }
  }

  private mutating func readEntry(version: UInt32) throws(Failure) {
    let kind = try number()
    let alias = try text()
    // When it was put in: milliseconds, of no use here.
    _ = try take(8)
    switch kind {
    case 1:
      entries.append(.privateKey(alias: alias))
      _ = try take(Int(try number()))
      for place in 0..<(try number()) {
        try readCertificate(version: version, alias: alias, chainPosition: Int(place))
      }
    case 2: try readCertificate(version: version, alias: alias, chainPosition: nil)
    case 3:
      // A serialized Java object, which does not say how long it is.
      throw Failure(
        reason: "the entry \"\(alias)\" is a secret key, whose end cannot be found without Java")
    default: throw Failure(reason: "an entry is of the unknown kind \(kind)")
    }
  }

  private mutating func readCertificate(version: UInt32, alias: String, chainPosition: Int?)
    throws(Failure)
  {
    let type = version == 1 ? "X.509" : try text()
    let content = try take(Int(try number()))
    if type == "X.509" || type == "X509" {
      entries.append(
        .certificate(Array(content), alias: alias, chainPosition: chainPosition))
    } else {
      entries.append(.other(type: type, alias: alias))
    }
  }

  private mutating func number() throws(Failure) -> UInt32 {
    try take(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// As `DataOutput.writeUTF`: two bytes of count, then a kind of UTF-8.
  private mutating func text() throws(Failure) -> String {
    let count = try take(2).reduce(0) { $0 << 8 | Int($1) }
    return String(decoding: try take(count), as: UTF8.self)
  }

  private mutating func take(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Failure(reason: "it is cut short") }
    defer { position += count }
    return bytes[position..<position + count]
  }
}
