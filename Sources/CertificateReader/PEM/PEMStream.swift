package import MeshModel

/// Reads a PEM bundle of any size part by part: what comes out is what `CertificateReader.read` makes of
/// the whole, in the same order and with the same places.
package struct PEMStream {
  private var collector: CertificateCollector
  private let place: CertificatePlace
  private var buffer: [UInt8] = []
  private var line = 1
  private var blockCount = 0
  /// Bytes in the buffer at which it is read.
  private var wanted: Int
  private let partByteCount: Int

  /// - Parameter partByteCount: how many bytes are gathered before their blocks are read.
  package init(path: String, into sink: DiagnosticSink, partByteCount: Int = 1 << 20) {
    wanted = partByteCount
    self.partByteCount = partByteCount
    collector = CertificateCollector(sink: sink)
    place = CertificatePlace(source: .pem, location: SourceLocation(path: path))
  }

  /// Whether a file that starts so is a PEM bundle, which can be read in parts.
  package static func fits(_ prefix: [UInt8]) -> Bool {
    // A sequence in DER may turn out to be one only at its end.
    prefix.first != DERTag.sequence && TextEncoding.ascii(fromUTF16: prefix) == nil
      && FormatRecognition.format(of: prefix) == .pem
  }

  /// Bytes of a block whose end was not met yet; a caller sets a limit to them.
  package var pendingByteCount: Int { buffer.count }

  /// Reads the next bytes, which need not be whole blocks.
  package mutating func take(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= wanted { read(isWhole: false) }
  }

  /// Reads what is left.
  package mutating func finish() { read(isWhole: true) }

  /// The certificates that were read since this was called last; they are no longer in `inventory`.
  package mutating func takeRecords() -> [CertificateRecord] {
    defer { collector.inventory.certificates.removeAll(keepingCapacity: true) }
    return collector.inventory.certificates
  }

  /// All else that was read.
  package var inventory: CertificateInventory { collector.inventory }

  private mutating func read(isWhole: Bool) {
    buffer.removeFirst(readBlocks(isWhole: isWhole))
    // A block that is longer than the buffer is looked at again when that has doubled.
    wanted = max(partByteCount, buffer.count * 2)
  }

  /// Reads the whole blocks of the buffer and returns how many bytes they and the text around them are.
  private mutating func readBlocks(isWhole: Bool) -> Int {
    var scanner = PEMScanner(buffer, line: line, count: blockCount, isWhole: isWhole)
    collector.addBlocks(&scanner, at: place, hasOwnLines: true)
    (line, blockCount) = (scanner.line, scanner.count)
    return isWhole ? buffer.count : scanner.position
  }
}
