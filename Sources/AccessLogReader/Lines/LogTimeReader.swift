import MeshModel

/// Reads the times of lines; most lines are of the same day as the one before.
struct LogTimeReader {
  private var dateHead: UInt64 = 0
  private var dateTail: UInt16 = 0
  private var dayNumber: Int64 = 0

  /// A moment as nanoseconds and days since 1970, and its hour in UTC.
  struct Moment {
    var nanoseconds: Int64
    var day: Int32
    var hour: UInt32
  }

  /// Reads `2026-11-24T02:37:34.318Z`, the same with another offset or another number of decimals, or
  /// seconds since 1970 with decimals (`%START_TIME(%s.%6f)%`); nil for anything else.
  @inline(__always)
  mutating func read(_ bytes: Bytes) -> Moment? {
    guard bytes.count >= 20, bytes.count <= 40, bytes[bytes.count - 1] == UInt8(ascii: "Z"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":")
    else { return readSlowly(bytes) }
    let raw = UnsafeRawPointer(bytes.pointer)
    let head = raw.loadUnaligned(as: UInt64.self)
    let tail = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    if head != dateHead || tail != dateTail {
      guard let moment = readSlowly(bytes) else { return nil }
      dateHead = head
      dateTail = tail
      dayNumber = Int64(moment.day)
      return moment
    }
    // Milliseconds are what Envoy writes.
    if bytes.count == 24, let milliseconds = millisecondOfDay(raw) {
      return Moment(
        nanoseconds: (dayNumber &* 86_400_000 &+ milliseconds) &* 1_000_000,
        day: Int32(truncatingIfNeeded: dayNumber),
        hour: UInt32(truncatingIfNeeded: milliseconds / 3_600_000))
    }
    guard let hour = twoDigits(bytes, 11), hour < 24, let minute = twoDigits(bytes, 14),
      minute < 60, let second = twoDigits(bytes, 17), second <= 60
    else { return nil }
    var fraction: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), bytes.count > 21 else { return nil }
      var scale: Int64 = 100_000_000
      for index in 20..<(bytes.count - 1) {
        let digit = Int64(bytes[index]) - 48
        guard digit >= 0, digit <= 9 else { return nil }
        fraction += digit * scale
        scale /= 10
      }
    }
    let seconds = dayNumber * 86_400 + Int64(hour * 3600 + minute * 60 + min(second, 59))
    return Moment(
      nanoseconds: seconds * 1_000_000_000 + fraction, day: Int32(dayNumber), hour: UInt32(hour))
  }

  /// The milliseconds of the day of `2026-11-24T02:37:34.318Z`; nil when it is not that simple.
  @inline(__always)
  private func millisecondOfDay(_ raw: UnsafeRawPointer) -> Int64? {
    // Twelve characters of which nine are digits; the low half of a byte is the digit's value.
    let time = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 11, as: UInt64.self))
    let fraction = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 19, as: UInt32.self))
    // `00:00:00` and `.000`; what is left has values of 0 to 15 in the place of the digits.
    let digits = time ^ 0x3030_3A30_303A_3030
    let decimals = fraction ^ 0x3030_302E
    // No digit is above 9: a greater one carries into the high half.
    let isPlain =
      (digits | digits &+ 0x0606_0006_0600_0606) & 0xF0F0_FFF0_F0FF_F0F0 == 0
      && (decimals | decimals &+ 0x0606_0600) & 0xF0F0_F0FF == 0
    guard isPlain else { return nil }
    func digit(_ byte: UInt64) -> Int64 {
      Int64(truncatingIfNeeded: digits >> (byte &* 8) & 15)
    }
    let hour = digit(0) &* 10 &+ digit(1)
    let minute = digit(3) &* 10 &+ digit(4)
    let second = digit(6) &* 10 &+ digit(7)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let milliseconds =
      Int64(decimals >> 8 & 15) &* 100 &+ Int64(decimals >> 16 & 15) &* 10
      &+ Int64(decimals >> 24)
    return ((hour &* 60 &+ minute) &* 60 &+ second) &* 1000 &+ milliseconds
  }

  @inline(__always)
  private func twoDigits(_ bytes: Bytes, _ offset: Int) -> Int? {
    let high = Int(bytes[offset]) - 48
    let low = Int(bytes[offset + 1]) - 48
    guard high >= 0, high <= 9, low >= 0, low <= 9 else { return nil }
    return high * 10 + low
  }

  @inline(never)
  private func readSlowly(_ bytes: Bytes) -> Moment? {
    guard bytes.count >= 9, bytes.count <= 40 else { return nil }
    if let time = UTCTime(bytes.text) { return LogTimeReader.moment(time) }
    guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else {
      guard let seconds = bytes.number else { return nil }
      return LogTimeReader.moment(UTCTime(seconds: Int64(seconds)))
    }
    let decimals = bytes.dropFirst(point + 1)
    guard let seconds = bytes.prefix(point).number, decimals.count <= 9,
      var fraction = decimals.number
    else { return nil }
    for _ in decimals.count..<9 { fraction *= 10 }
    return LogTimeReader.moment(
      UTCTime(seconds: Int64(seconds), nanoseconds: Int32(fraction)))
  }

  /// The moment of a time, or nil when it lies outside 1970 to 2261 (what 64 bits of nanoseconds hold).
  static func moment(_ time: UTCTime) -> Moment? {
    guard time.seconds >= 0, time.seconds < 9_200_000_000 else { return nil }
    return Moment(
      nanoseconds: time.seconds * 1_000_000_000 + Int64(time.nanoseconds),
      day: Int32(time.seconds / 86_400), hour: UInt32(time.seconds / 3600 % 24))
  }
}

extension UTCTime {
  /// The time that many nanoseconds after 1970.
  init(nanosecondsSince1970 nanoseconds: Int64) {
    self.init(
      seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000))
  }
}
