package import MeshModel

/// Writes certificates as bytes, for a run that has more of them than memory should hold.
///
/// What is kept is the DER and the place; the facts are read from the DER again. An entry is: the count of
/// the bytes that follow (4), flags (1), keys (3 times 8), position (4), line (4), column (4), the rest of
/// the place unless it is that of the entry before, and the DER. Numbers are little-endian.
package struct CertificateEncoder {
  package private(set) var bytes: [UInt8] = []
  private var place: CertificatePlace?

  package init() {}

  enum Flag {
    static let isAnchor: UInt8 = 1
    static let hasRSAKey: UInt8 = 2
    static let hasPlace: UInt8 = 4
  }

  /// Takes a record of which `isRepeatable` holds; false for any other.
  package mutating func append(_ record: CertificateRecord) -> Bool {
    guard record.isRepeatable, let der = record.der else { return false }
    let keys = CertificateKeys(record)
    let start = bytes.count
    add(UInt32(0))
    var place = record.sighting.place
    let location = place.location
    (place.location.line, place.location.column) = (0, 0)
    let isNew = place != self.place
    bytes.append(
      (keys.isAnchor ? Flag.isAnchor : 0) | (keys.hasRSAKey ? Flag.hasRSAKey : 0)
        | (isNew ? Flag.hasPlace : 0))
    for digest in [keys.id, keys.subject, keys.issuer] { add(digest) }
    for number in [record.sighting.position, location.line, location.column] {
      add(UInt32(truncatingIfNeeded: number))
    }
    if isNew {
      add(place)
      self.place = place
    }
    bytes += der
    let count = UInt32(bytes.count - start - 4)
    withUnsafeBytes(of: count.littleEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
    return true
  }

  /// Begins anew: what is written next can be read without what was written before.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    place = nil
  }

  private mutating func add(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func add(_ place: CertificatePlace) {
    for text in [
      place.source.rawValue, place.usedAs.rawValue, place.location.path, place.namespace,
      place.name, place.key, place.pod, place.trustDomain,
    ] {
      // One more than the count, so that nothing and an empty text differ.
      add(UInt32((text?.utf8.count ?? -1) + 1))
      bytes.append(contentsOf: (text ?? "").utf8)
    }
  }
}
