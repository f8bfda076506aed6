import MeshModel

/// Reads the two time types of a certificate's validity (RFC 5280 4.1.2.5).
enum CertificateTime {
  /// The moment, or nil with a code that says why; codes also come with times that can be read.
  static func read(
    _ bytes: [UInt8], _ element: DERElement, _ anomalies: inout Set<CertificateAnomaly>
  )
    -> UTCTime?
  {
    let isShort = element.tag == DERTag.utcTime
    guard isShort || element.tag == DERTag.generalizedTime else {
      anomalies.insert(.timeMalformed)
      return nil
    }
    var digits: [Int] = []
    digits.reserveCapacity(14)
    var position = element.content.lowerBound
    let end = element.content.upperBound
    while position < end, (48...57).contains(bytes[position]), digits.count < 14 {
      digits.append(Int(bytes[position]) - 48)
      position += 1
    }
    if !isShort, position < end, bytes[position] == UInt8(ascii: ".") {
      anomalies.insert(.timeFraction)
      position += 1
      while position < end, (48...57).contains(bytes[position]) { position += 1 }
    }
    guard digits.count == (isShort ? 12 : 14), position == end - 1,
      bytes[position] == UInt8(ascii: "Z")
    else {
      anomalies.insert(.timeMalformed)
      return nil
    }
    func pair(_ index: Int) -> Int { digits[index] * 10 + digits[index + 1] }
    let first = isShort ? 2 : 4
    // RFC 5280 4.1.2.5.1: two digits from 50 on are of the twentieth century.
    let year =
      isShort ? (pair(0) >= 50 ? 1900 : 2000) + pair(0) : pair(0) * 100 + pair(2)
    guard pair(first + 8) <= 59,
      let time = UTCTime(
        year: year, month: pair(first), day: pair(first + 2), hour: pair(first + 4),
        minute: pair(first + 6), second: pair(first + 8))
    else {
      anomalies.insert(.timeMalformed)
      return nil
    }
    if !isShort, (1950...2049).contains(year) { anomalies.insert(.timeType) }
    return time
  }
}
