/// Tells the formats of certificate inventories apart by their first bytes.
enum FormatRecognition {
  static func format(of bytes: [UInt8]) -> CertificateFormat? {
    if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE])
    {
      return .javaKeyStore
    }
    if isDER(bytes) { return .der }
    if PEMScanner.hasBlock(in: bytes) { return .pem }
    return nil
  }

  /// A sequence with a length of its own that more or less fits, and a kind that we know.
  private static func isDER(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 4, bytes[0] == 0x30, bytes[1] >= 0x80 else { return false }
    if bytes[1] == 0x80 { return bytes[2] == 0x30 || bytes[2] == 0x06 }
    return DERKind.of(bytes) != .unknown
  }
}
