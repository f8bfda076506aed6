/// A moment in UTC, exact to the nanosecond.
///
/// Proleptic Gregorian calendar without leap seconds (RFC 3339 section 5.7). Written without Foundation
/// so that the pure modules can order, compare and print times.
package struct UTCTime: Codable, Hashable, Comparable, Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
  package var seconds: Int64
  /// Nanoseconds past `seconds`, 0 to 999,999,999.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (left: UTCTime, right: UTCTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// The moment of a calendar date and time of day in UTC, or nil when a part is out of range.
  package init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    nanoseconds: Int32 = 0
  ) {
    guard (0...9999).contains(year), (1...12).contains(month),
      day >= 1, day <= UTCTime.dayCount(year: year, month: month),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let days = UTCTime.dayNumber(year: year, month: month, day: day)
    self.init(
      seconds: Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + min(second, 59)),
      nanoseconds: nanoseconds)
  }

  /// Reads RFC 3339 text such as `2026-11-24T05:58:06.123Z` or with an offset such as `+02:00`.
  ///
  /// A bare date (`2026-11-24`) is midnight UTC. Returns nil for anything else.
  package init?(_ text: String) {
    var cursor = DigitCursor(Array(text.utf8))
    guard let year = cursor.number(4), cursor.skip("-"), let month = cursor.number(2),
      cursor.skip("-"), let day = cursor.number(2)
    else { return nil }
    if cursor.isAtEnd {
      self.init(year: year, month: month, day: day)
      return
    }
    guard cursor.skip("T") || cursor.skip("t") || cursor.skip(" "), let hour = cursor.number(2),
      cursor.skip(":"), let minute = cursor.number(2), cursor.skip(":"),
      let second = cursor.number(2)
    else { return nil }
    var nanoseconds: Int32 = 0
    if cursor.skip(".") {
      guard let fraction = cursor.fraction() else { return nil }
      nanoseconds = fraction
    }
    var offset = 0
    if !(cursor.skip("Z") || cursor.skip("z")) {
      let sign = cursor.skip("+") ? 1 : cursor.skip("-") ? -1 : 0
      guard sign != 0, let hours = cursor.number(2), cursor.skip(":"),
        let minutes = cursor.number(2), hours <= 23, minutes <= 59
      else { return nil }
      offset = sign * (hours * 3600 + minutes * 60)
    }
    guard cursor.isAtEnd,
      let local = UTCTime(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second,
        nanoseconds: nanoseconds)
    else { return nil }
    self.init(seconds: local.seconds - Int64(offset), nanoseconds: local.nanoseconds)
  }

  /// The calendar date in UTC.
  package var date: (year: Int, month: Int, day: Int) {
    UTCTime.date(dayNumber: Int(UTCTime.floorDivide(seconds, 86_400)))
  }

  /// The day as `2026-11-24`.
  package var dayText: String {
    let (year, month, day) = date
    return "\(UTCTime.padded(year, 4))-\(UTCTime.padded(month, 2))-\(UTCTime.padded(day, 2))"
  }

  /// RFC 3339 text in whole seconds, `2026-11-24T05:58:06Z`.
  package var text: String {
    let secondOfDay = Int(seconds - UTCTime.floorDivide(seconds, 86_400) * 86_400)
    let hour = UTCTime.padded(secondOfDay / 3600, 2)
    let minute = UTCTime.padded(secondOfDay / 60 % 60, 2)
    let second = UTCTime.padded(secondOfDay % 60, 2)
    return "\(dayText)T\(hour):\(minute):\(second)Z"
  }

  /// RFC 3339 text in milliseconds, `2026-11-24T05:58:06.123Z`.
  package var millisecondText: String {
    let whole = text.dropLast()
    return "\(whole).\(UTCTime.padded(Int(nanoseconds) / 1_000_000, 3))Z"
  }

  /// The moment `days` later (or earlier when negative).
  package func adding(days: Int) -> UTCTime {
    UTCTime(seconds: seconds + Int64(days) * 86_400, nanoseconds: nanoseconds)
  }

  /// Whole seconds from `other` to this moment.
  package func secondsSince(_ other: UTCTime) -> Int64 { seconds - other.seconds }

  /// Days since 1970-01-01 of a calendar date; the civil calendar in eras of 400 years.
  package static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The calendar date of a number of days since 1970-01-01.
  package static func date(dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }

  private static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension UTCTime: CustomStringConvertible {
  package var description: String { text }
}

/// Reads fixed-width decimal fields out of ASCII text.
private struct DigitCursor {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func number(_ width: Int) -> Int? {
    guard position + width <= bytes.count else { return nil }
    var value = 0
    for offset in 0..<width {
      let digit = Int(bytes[position + offset]) - 48
      guard (0...9).contains(digit) else { return nil }
      value = value * 10 + digit
    }
    position += width
    return value
  }

  /// A decimal fraction of any length, cut to nanoseconds.
  mutating func fraction() -> Int32? {
    var value: Int32 = 0
    var count = 0
    while position < bytes.count, (48...57).contains(bytes[position]) {
      if count < 9 { value = value * 10 + Int32(bytes[position] - 48) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }
}
