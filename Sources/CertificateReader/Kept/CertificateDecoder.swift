package import MeshModel

/// Reads what `CertificateEncoder` wrote, entry by entry and in that order.
package struct CertificateDecoder {
  private var place = CertificatePlace(source: .pem, location: SourceLocation(path: ""))
  private var repeated = RepeatedParts()

  package init() {}

  /// Bytes at the start of an entry that say how many follow.
  package static let countByteCount = 4

  /// How many bytes follow the first four.
  package static func byteCount(_ start: UnsafeRawBufferPointer) -> Int {
    Int(start.loadUnaligned(as: UInt32.self).littleEndian)
  }

  /// The record of an entry (without its first four bytes), or nil when it is not wanted: then its DER is
  /// not read.
  package mutating func record(
    _ entry: UnsafeRawBufferPointer, where isWanted: (CertificateKeys) -> Bool
  ) -> CertificateRecord? {
    var reader = EntryReader(bytes: entry)
    let flags = reader.number(UInt8.self)
    let keys = CertificateKeys(
      id: reader.number(), subject: reader.number(), issuer: reader.number(),
      isAnchor: flags & CertificateEncoder.Flag.isAnchor != 0,
      hasRSAKey: flags & CertificateEncoder.Flag.hasRSAKey != 0)
    let position = Int(reader.number(UInt32.self))
    let line = Int(reader.number(UInt32.self))
    let column = Int(reader.number(UInt32.self))
    if flags & CertificateEncoder.Flag.hasPlace != 0 { place = reader.place() }
    guard isWanted(keys) else { return nil }
    let der = Array(reader.rest)
    let facts = CertificateParser.parse(der, &repeated).facts
    var place = place
    (place.location.line, place.location.column) = (line, column)
    return CertificateRecord(
      facts: facts, der: der,
      sighting: CertificateCollector.sighting(of: facts, at: place, position: position),
      isRepeatable: true)
  }
}

/// Takes numbers and texts off the front of an entry.
private struct EntryReader {
  let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var rest: Slice<UnsafeRawBufferPointer> { bytes[position...] }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type = Number.self)
    -> Number
  {
    defer { position += MemoryLayout<Number>.size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  private mutating func text() -> String? {
    let count = Int(number(UInt32.self)) - 1
    guard count >= 0 else { return nil }
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  mutating func place() -> CertificatePlace {
    let source = text().flatMap(CertificateSource.init(rawValue:)) ?? .pem
    let role = text().flatMap(CertificateRole.init(rawValue:)) ?? .unknown
    return CertificatePlace(
      source: source, location: SourceLocation(path: text() ?? ""), namespace: text(),
      name: text(), key: text(), pod: text(), trustDomain: text(), usedAs: role)
  }
}
