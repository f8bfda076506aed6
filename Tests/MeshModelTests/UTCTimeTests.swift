import Testing

@testable import MeshModel

/// The calendar counted day by day, as slow and plain as can be.
private struct NaiveCalendar {
  var year = 0
  var month = 1
  var day = 1

  var isLeapYear: Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

  var lastDay: Int {
    [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  mutating func advance() {
    day += 1
    if day > lastDay {
      day = 1
      month += 1
    }
    if month > 12 {
      month = 1
      year += 1
    }
  }
}

@Suite struct UTCTimeTests {
  @Test func everyDayOfTenThousandYearsAgreesWithANaiveCalendar() {
    var calendar = NaiveCalendar()
    var number = UTCTime.dayNumber(year: 0, month: 1, day: 1)
    #expect(number == -719_528)
    var mismatches = 0
    while calendar.year < 10_000 {
      let (year, month, day) = UTCTime.date(dayNumber: number)
      let back = UTCTime.dayNumber(year: calendar.year, month: calendar.month, day: calendar.day)
      if (year, month, day) != (calendar.year, calendar.month, calendar.day) || back != number {
        mismatches += 1
      }
      calendar.advance()
      number += 1
    }
    #expect(mismatches == 0)
    #expect(UTCTime(year: 1970, month: 1, day: 1)?.seconds == 0)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("1970-01-01", 0, 0), ("1969-12-31T23:59:59Z", -1, 0),
    ("2026-11-24T05:58:06Z", 1_795_499_886, 0),
    ("2026-11-24T05:58:06.123Z", 1_795_499_886, 123_000_000),
    ("2026-11-24t05:58:06z", 1_795_499_886, 0), ("2026-11-24 05:58:06Z", 1_795_499_886, 0),
    ("2026-11-24T07:58:06+02:00", 1_795_499_886, 0),
    ("2026-11-24T00:28:06-05:30", 1_795_499_886, 0),
    ("2000-02-29T00:00:00Z", 951_782_400, 0), ("2016-12-31T23:59:60Z", 1_483_228_799, 0),
    ("1970-01-01T00:00:00.123456789987Z", 0, 123_456_789), ("1970-01-01T00:00:00-00:00", 0, 0),
    ("9999-12-31T23:59:59Z", 253_402_300_799, 0), ("0000-01-01T00:00:00Z", -62_167_219_200, 0),
  ])
  func textOfRFC3339IsRead(text: String, seconds: Int64, nanoseconds: Int32) throws {
    let time = try #require(UTCTime(text))
    #expect(time.seconds == seconds)
    #expect(time.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11", "2026-11-24T", "2026-11-24T05:58Z", "2026-11-24T05:58:06", "2026-1-24",
    "2026-13-01", "2026-00-01", "2026-02-29", "2100-02-29", "2026-04-31", "2026-01-00",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00Z ", " 2026-01-01",
    "2026-01-01T00:00:00ZZ", "2026/01/01", "20260101", "२०२६-०१-०१", "-2026-01-01", "2026-01-01Z",
    "2026-01-01T00:00:00,5Z",
  ])
  func otherTextIsNot(text: String) { #expect(UTCTime(text) == nil) }

  @Test func textsReadBack() {
    var random = SplitMix(seed: 0x5EED)
    for _ in 0..<20_000 {
      let seconds = Int64(random.next() % 315_569_520_000) - 62_167_219_200
      let time = UTCTime(seconds: seconds, nanoseconds: Int32(random.next() % 1000) * 1_000_000)
      #expect(UTCTime(time.millisecondText) == time)
      #expect(UTCTime(time.text) == UTCTime(seconds: seconds))
      #expect(UTCTime(time.dayText).map { (0..<86_400).contains(time.secondsSince($0)) } == true)
    }
  }

  @Test func timesAreOrderedAndShifted() throws {
    let early = UTCTime(seconds: -1, nanoseconds: 999_999_999)
    let late = UTCTime(seconds: 0)
    #expect(early < late && !(late < early) && late < UTCTime(seconds: 0, nanoseconds: 1))
    #expect(early.text == "1969-12-31T23:59:59Z")
    #expect(early.millisecondText == "1969-12-31T23:59:59.999Z")
    let day = try #require(UTCTime("2024-02-28T12:00:00Z"))
    #expect(day.adding(days: 2).text == "2024-03-01T12:00:00Z")
    #expect(day.adding(days: -59).text == "2023-12-31T12:00:00Z")
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
