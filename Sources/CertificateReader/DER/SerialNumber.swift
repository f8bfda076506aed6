/// A serial number out of the content of its INTEGER, so that certificates and revocation lists write it alike.
struct SerialNumber {
  let isNegative: Bool
  /// The magnitude without leading zeros; empty for zero.
  let digits: [UInt8]

  init(_ content: ArraySlice<UInt8>) {
    isNegative = (content.first ?? 0) >= 0x80
    var magnitude = Array(content)
    if isNegative {
      var carry = true
      for index in magnitude.indices.reversed() {
        magnitude[index] = ~magnitude[index] &+ (carry ? 1 : 0)
        carry = carry && magnitude[index] == 0
      }
    }
    digits = Array(magnitude.drop { $0 == 0 })
  }

  /// Lower-case hexadecimal, two digits for each byte.
  var text: String { (isNegative ? "-" : "") + (digits.isEmpty ? "00" : Hex.text(digits)) }
}
