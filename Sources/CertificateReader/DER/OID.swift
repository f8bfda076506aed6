/// An object identifier of up to 15 content bytes, packed for comparison and look-up.
struct OID: Hashable {
  /// The content bytes behind a leading 1, so that lengths differ.
  private let packed: UInt128

  /// Nil when it is empty or longer than 15 bytes; no identifier that we know is.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    guard !range.isEmpty, range.count <= 15 else { return nil }
    var value: UInt128 = 1
    for byte in bytes[range] { value = value << 8 | UInt128(byte) }
    packed = value
  }

  /// Encodes dotted text such as `2.5.29.17`, for tables of known identifiers.
  init(_ dotted: String) {
    let arcs = dotted.split(separator: ".").compactMap { UInt64($0) }
    var value: UInt128 = 1
    for (index, arc) in arcs.enumerated() where index != 0 {
      let number = index == 1 ? arcs[0] * 40 + arc : arc
      var shift = 0
      while number >> UInt64(shift + 7) > 0 { shift += 7 }
      while shift > 0 {
        value = value << 8 | UInt128(0x80 | (number >> UInt64(shift)) & 0x7F)
        shift -= 7
      }
      value = value << 8 | UInt128(number & 0x7F)
    }
    packed = value
  }

  /// Dotted text of content bytes; arcs beyond 63 bits or an unfinished last arc end in `?`.
  static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    var text = ""
    var arc: UInt64 = 0
    var isFirst = true
    var isOpen = false
    for byte in bytes[range] {
      guard arc < 1 << 56 else { return text + "?" }
      arc = arc << 7 | UInt64(byte & 0x7F)
      isOpen = byte & 0x80 != 0
      if isOpen { continue }
      if isFirst {
        let top = min(arc / 40, 2)
        text = "\(top).\(arc - top * 40)"
        isFirst = false
      } else {
        text += ".\(arc)"
      }
      arc = 0
    }
    return isOpen || isFirst ? text + "?" : text
  }
}
