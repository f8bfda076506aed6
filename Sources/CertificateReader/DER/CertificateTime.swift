import MeshModel

/// Reads the two time types of a certificate's validity (RFC 5280 4.1.2.5).
enum CertificateTime {
  /// The moment, or nil with a code that says why; codes also come with times that can be read.
  static func read(
    _ bytes: [UInt8], _ element: DERElement, _ anomalies: inout CertificateAnomalies
  ) -> UTCTime? {
    let isShort = element.tag == DERTag.utcTime
    guard isShort || element.tag == DERTag.generalizedTime else {
      anomalies.insert(.timeMalformed)
      return nil
    }
    let text = bytes[element.content]
    var end = text.startIndex + (isShort ? 12 : 14)
    guard end < text.endIndex, text[..<end].allSatisfy(isDigit) else {
      anomalies.insert(.timeMalformed)
      return nil
    }
    if !isShort, text[end] == UInt8(ascii: ".") {
      anomalies.insert(.timeFraction)
      end += 1
      while end < text.endIndex, isDigit(text[end]) { end += 1 }
    }
    func pair(_ index: Int) -> Int {
      let place = text.startIndex + index
      return Int(text[place] - 48) * 10 + Int(text[place + 1] - 48)
    }
    let first = isShort ? 2 : 4
    // RFC 5280 4.1.2.5.1: two digits from 50 on are of the twentieth century.
    let year =
      isShort ? (pair(0) >= 50 ? 1900 : 2000) + pair(0) : pair(0) * 100 + pair(2)
    guard end == text.endIndex - 1, text[end] == UInt8(ascii: "Z"), pair(first + 8) <= 59,
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

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
