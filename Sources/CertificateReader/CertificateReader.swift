import DocumentReader
package import MeshModel

/// Reads certificate inventories: bytes in, certificates with facts and places out.
///
/// Whatever the bytes are, reading ends with a result; what could not be read is a diagnostic.
package enum CertificateReader {
  /// The format that `prefix` (the first 64 KiB of a file, or all of it) starts, or nil.
  package static func recognises(_ prefix: [UInt8]) -> CertificateFormat? {
    FormatRecognition.format(of: TextEncoding.ascii(fromUTF16: prefix) ?? prefix)
  }

  /// Whether `prefix` starts a CSV whose headings are known or declared.
  package static func recognisesTable(_ prefix: [UInt8], columns: CertificateColumns) -> Bool {
    let text = TextEncoding.ascii(fromUTF16: prefix) ?? prefix
    return CertificateTable.recognises(String(decoding: text, as: UTF8.self)[...], columns)
  }

  /// Reads a CSV inventory with declared headings.
  package static func readTable(
    _ bytes: [UInt8], path: String, columns: CertificateColumns, into sink: DiagnosticSink
  ) -> CertificateInventory {
    var collector = CertificateCollector(sink: sink)
    let text = TextEncoding.ascii(fromUTF16: bytes) ?? bytes
    CertificateTable.read(
      csv: String(decoding: text, as: UTF8.self), path: path, columns: columns, into: &collector)
    return collector.inventory
  }

  /// Reads one file.
  ///
  /// A format that is not recognised is a diagnostic and an empty inventory.
  package static func read(_ bytes: [UInt8], path: String, into sink: DiagnosticSink)
    -> CertificateInventory
  {
    let bytes = TextEncoding.ascii(fromUTF16: bytes) ?? bytes
    var collector = CertificateCollector(sink: sink)
    let file = SourceLocation(path: path)
    let format = FormatRecognition.format(of: bytes)
    let diagnosticCount = sink.diagnostics.count
    switch format {
    case .pem:
      collector.addPEM(
        bytes, at: CertificatePlace(source: .pem, location: file), hasOwnLines: true)
    case .der: collector.addDERFile(bytes, path: path)
    case .javaKeyStore:
      collector.addJavaKeyStore(
        bytes, at: CertificatePlace(source: .javaKeyStore, location: file))
    case nil:
      sink.report(
        .error, "not-a-certificate-inventory", "no known format of certificates", at: file,
        hint: "expected PEM, DER, PKCS#7 or an inventory such as istioctl's or step's JSON")
    case .opensslText:
      OpenSSLText.read(String(decoding: bytes, as: UTF8.self), path: path, into: &collector)
    case .spireEntryText:
      SPIREEntryText.read(String(decoding: bytes, as: UTF8.self), path: path, into: &collector)
    case .metrics:
      CertificateMetrics.read(String(decoding: bytes, as: UTF8.self), path: path, into: &collector)
    case .jwtSVIDs where !Self.isJSON(bytes):
      JWTSVIDs.read(String(decoding: bytes, as: UTF8.self), path: path, into: &collector)
    case .table where !Self.isJSON(bytes):
      CertificateTable.read(
        csv: String(decoding: bytes, as: UTF8.self), path: path, into: &collector)
    case .envoySecrets, .ztunnel, .spiffeBundle, .stepInspect, .spireEntries, .jwtSVIDs, .table:
      collector.addJSON(bytes, path: path)
    }
    if let format, collector.inventory.itemCount == 0, sink.diagnostics.count == diagnosticCount {
      sink.report(
        .warning, "inventory-empty", "an inventory (\(format.rawValue)) without any certificate",
        at: file, hint: "look whether the export was complete")
    }
    return collector.inventory
  }

  private static func isJSON(_ bytes: [UInt8]) -> Bool {
    let first = bytes.first { $0 > 0x20 }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }
}

extension CertificateCollector {
  /// Reads the documents of a JSON text, each as what it is.
  mutating func addJSON(_ bytes: [UInt8], path: String) {
    let documents = JSONDocuments.read(
      String(decoding: bytes, as: UTF8.self), path: path, into: sink)
    for (position, document) in documents.enumerated() {
      switch FormatRecognition.format(of: document) {
      case .envoySecrets: EnvoySecrets(document).read(into: &self)
      case .ztunnel: ZtunnelCertificates.read(document, into: &self)
      case .spiffeBundle: SPIFFEBundle.read(document, into: &self)
      case .stepInspect: StepInspect.read(document, into: &self)
      case .spireEntries: SPIREEntries.read(document, into: &self)
      case .jwtSVIDs: JWTSVIDs.read(document, into: &self)
      case .table: CertificateTable.read(document, position: position, into: &self)
      default:
        inventory.itemCount += 1
        sink.report(
          .error, "not-a-certificate-inventory", "a JSON document of no known inventory format",
          at: document.location)
      }
    }
  }

  /// Reads certificates in DER one after another; anything else is named.
  mutating func addDERFile(_ bytes: [UInt8], path: String) {
    let place = CertificatePlace(source: .der, location: SourceLocation(path: path))
    let kind = DERKind.of(bytes)
    guard kind == .certificate || kind == .unknown else {
      var place = place
      if kind == .pkcs7 { place.source = .pkcs7 }
      if kind == .pkcs12 { place.source = .pkcs12 }
      addOther(kind, bytes, at: place, position: 0)
      return
    }
    var walker = DERWalker(bytes)
    var start = 0
    var position = 0
    while start < bytes.count {
      let end = (try? walker.header(start, end: bytes.count)).map(\.end) ?? bytes.count
      // Another certificate may follow; anything else that follows belongs to this one as a defect.
      let isFollowed = end < bytes.count && DERKind.of(bytes, from: end) == .certificate
      let next = isFollowed ? end : bytes.count
      addDER(Array(bytes[start..<next]), at: place, position: position)
      start = next
      position += 1
    }
  }
}
