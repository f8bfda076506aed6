import GRDBSQLite
import MeshModel

/// Calendar arithmetic for the SQL of rules, over RFC 3339 text in UTC and without a clock.
///
/// - `seconds_between(later, earlier)`: whole seconds, negative when the order is the other way.
/// - `add_days(time, count)`: the moment that many days later.
/// - `add_months(time, count)`: the same day of a later month, or its last day when it has no such day.
/// - `day_of(time)`: the calendar day in UTC.
///
/// A value that is no time gives null.
enum TimeFunctions {
  static func register(on connection: OpaquePointer) -> Int32 {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    var code = sqlite3_create_function_v2(
      connection, "seconds_between", 2, flags, nil,
      { context, _, arguments in
        guard let later = TimeFunctions.time(arguments?[0]),
          let earlier = TimeFunctions.time(arguments?[1])
        else { return sqlite3_result_null(context) }
        sqlite3_result_int64(context, later.secondsSince(earlier))
      }, nil, nil, nil)
    guard code == SQLITE_OK else { return code }
    code = sqlite3_create_function_v2(
      connection, "add_days", 2, flags, nil,
      { context, _, arguments in
        guard let start = TimeFunctions.time(arguments?[0]),
          let days = TimeFunctions.count(arguments?[1])
        else { return sqlite3_result_null(context) }
        TimeFunctions.answer(context, start.adding(days: days).text)
      }, nil, nil, nil)
    guard code == SQLITE_OK else { return code }
    code = sqlite3_create_function_v2(
      connection, "add_months", 2, flags, nil,
      { context, _, arguments in
        guard let start = TimeFunctions.time(arguments?[0]),
          let months = TimeFunctions.count(arguments?[1]),
          let end = TimeFunctions.adding(months: months, to: start)
        else { return sqlite3_result_null(context) }
        TimeFunctions.answer(context, end.text)
      }, nil, nil, nil)
    guard code == SQLITE_OK else { return code }
    return sqlite3_create_function_v2(
      connection, "day_of", 1, flags, nil,
      { context, _, arguments in
        guard let time = TimeFunctions.time(arguments?[0]) else {
          return sqlite3_result_null(context)
        }
        TimeFunctions.answer(context, time.dayText)
      }, nil, nil, nil)
  }

  /// The same day and time of day `months` later; the last day of the month when it is shorter.
  static func adding(months: Int, to start: UTCTime) -> UTCTime? {
    let date = start.date
    let total = date.year * 12 + date.month - 1 + months
    guard total >= 0 else { return nil }
    let (year, month) = (total / 12, total % 12 + 1)
    let timeOfDay =
      start.seconds - Int64(
        UTCTime.dayNumber(
          year: date.year, month: date.month, day: date.day)) * 86_400
    for day in stride(from: date.day, through: max(1, date.day - 3), by: -1) {
      if let midnight = UTCTime(year: year, month: month, day: day) {
        return UTCTime(seconds: midnight.seconds + timeOfDay, nanoseconds: start.nanoseconds)
      }
    }
    return nil
  }

  private static func time(_ value: OpaquePointer??) -> UTCTime? {
    guard case .some(.some(let value)) = value, let bytes = sqlite3_value_text(value) else {
      return nil
    }
    return UTCTime(String(cString: bytes))
  }

  /// A number of days or months within ten thousand years.
  private static func count(_ value: OpaquePointer??) -> Int? {
    guard case .some(.some(let value)) = value, sqlite3_value_type(value) == SQLITE_INTEGER else {
      return nil
    }
    let count = sqlite3_value_int64(value)
    return abs(count) <= 3_660_000 ? Int(count) : nil
  }

  private static func answer(_ context: OpaquePointer?, _ text: String) {
    sqlite3_result_text(context, text, -1, transient)
  }
}

/// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
