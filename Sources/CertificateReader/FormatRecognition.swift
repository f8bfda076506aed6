import DocumentReader
import MeshModel

/// Tells the formats of certificate inventories apart by their content.
enum FormatRecognition {
  static func format(of bytes: [UInt8]) -> CertificateFormat? {
    if JavaKeyStore.recognises(bytes) { return .javaKeyStore }
    if isDER(bytes) { return .der }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = bytes[start...].first { $0 > 0x20 }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return json(bytes) }
    let head = String(decoding: bytes[start...].prefix(65_536), as: UTF8.self)
    if isManifest(head) { return nil }
    if PEMScanner.hasBlock(in: bytes) { return .pem }
    if JWTSVIDs.recognises(head[...]) { return .jwtSVIDs }
    if OpenSSLText.recognises(head[...]) { return .opensslText }
    if SPIREEntryText.recognises(head[...]) { return .spireEntryText }
    if CertificateMetrics.recognises(head[...]) { return .metrics }
    if CertificateTable.recognises(head[...]) { return .table }
    return nil
  }

  /// What one JSON document of an inventory is.
  static func format(of root: DocumentNode) -> CertificateFormat? {
    if EnvoySecrets.recognises(root) { return .envoySecrets }
    if ZtunnelCertificates.recognises(root) { return .ztunnel }
    if JWTSVIDs.recognises(root) { return .jwtSVIDs }
    if SPIREEntries.recognises(root) { return .spireEntries }
    if SPIFFEBundle.recognises(root) { return .spiffeBundle }
    if StepInspect.recognises(root) { return .stepInspect }
    if CertificateTable.recognises(root) { return .table }
    return nil
  }

  /// Names of members that only these formats have; enough for a prefix that is no whole document.
  private static let marks: [(CertificateFormat, [String])] = [
    (
      .envoySecrets,
      [
        "ActiveSecrets\"", "_active_secrets\"", "WarmingSecrets\"", "_warming_secrets\"",
        "envoy.admin.v3.",
      ]
    ),
    (.ztunnel, ["\"certChain\"", "\"cert_chain\""]),
    (.jwtSVIDs, ["\"svids\""]),
    (.spireEntries, ["\"spiffe_id\""]),
    (.spiffeBundle, ["\"x509-svid\"", "\"jwt-svid\"", "\"spiffe_sequence\""]),
    (.stepInspect, ["\"subject_key_info\""]),
  ]

  private static func json(_ bytes: [UInt8]) -> CertificateFormat? {
    let head = bytes.prefix(65_536)
    if contains(head, "\"apiVersion\"") { return nil }
    for (format, words) in marks where words.contains(where: { contains(head, $0) }) {
      return format
    }
    // The first line of JSON Lines, or a small document, is whole.
    let line = head.prefix { $0 != 0x0A }
    guard line.count > 2, line.last == UInt8(ascii: "}") || line.last == 0x0D else { return nil }
    let documents = JSONDocuments.read(
      String(decoding: line, as: UTF8.self), path: "", into: DiagnosticSink())
    return documents.first.flatMap { format(of: $0) }
  }

  private static func contains(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    let word = Array(word.utf8)
    var index = bytes.startIndex
    while index + word.count <= bytes.endIndex {
      if bytes[index] == word[0], bytes[index..<index + word.count].elementsEqual(word) {
        return true
      }
      index += 1
    }
    return false
  }

  /// A Kubernetes manifest in YAML: its certificates are read with it.
  private static func isManifest(_ text: String) -> Bool {
    var hasKind = false
    var hasVersion = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("kind:") { hasKind = true }
      if line.hasPrefix("apiVersion:") { hasVersion = true }
    }
    return hasKind && hasVersion
  }

  /// A sequence with a length of its own that more or less fits, and a kind that we know.
  private static func isDER(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 4, bytes[0] == 0x30 else { return false }
    // "0" is 0x30 too: a short length has to fit exactly.
    if bytes[1] < 0x80, Int(bytes[1]) != bytes.count - 2 { return false }
    if bytes[1] == 0x80 { return bytes[2] == 0x30 || bytes[2] == 0x06 }
    return DERKind.of(bytes) != .unknown
  }
}
