import CInflateShim

/// A line without its end, the buffer that it lies in, and the marks of that buffer when there are any:
/// without them, vector loads reach past the ends of a line but never past the buffer.
struct LineWindow {
  var line: Bytes {
    didSet { ranks = nil }
  }
  /// First byte of the buffer.
  var lower: UnsafePointer<UInt8>
  /// One past the last byte of the buffer.
  var upper: UnsafePointer<UInt8>
  /// Marks of the buffer.
  var marks: LineMarks.View?
  /// How many separators of the buffer come before the line and before its end, when that is known.
  private var ranks: (first: UInt32, end: UInt32)?

  @inline(__always)
  init(
    line: Bytes, lower: UnsafePointer<UInt8>, upper: UnsafePointer<UInt8>,
    marks: LineMarks.View? = nil, ranks: (first: UInt32, end: UInt32)? = nil
  ) {
    self.line = line
    self.lower = lower
    self.upper = upper
    self.marks = marks
    self.ranks = ranks
  }

  /// A window that allows no reading around the line.
  init(_ line: Bytes) {
    self.init(line: line, lower: line.pointer, upper: line.pointer + line.count)
  }

  /// Which bit of the marks is that of the line's first byte.
  @inline(__always)
  var firstBit: Int { line.pointer - lower }

  /// Places of all separators of the line, counted from the start of the buffer, when they are listed.
  @inline(__always)
  func places(_ separator: LineMarks.Separator) -> (list: UnsafePointer<UInt32>, count: Int)? {
    guard let marks, marks.separator == separator else { return nil }
    if let ranks {
      return (marks.places + Int(ranks.first), Int(ranks.end &- ranks.first))
    }
    let first = marks.rank(firstBit)
    return (marks.places + first, marks.rank(firstBit + line.count) - first)
  }

  /// How many of the bytes `from..<to` are double quotes.
  @inline(__always)
  func quoteCount(from: Int, to: Int) -> Int {
    guard let words = marks?.quotes else {
      return count(of: UInt8(ascii: "\""), from: from, to: to)
    }
    return Int(meshaudit_count_bits(words, firstBit + from, firstBit + to))
  }

  /// Whether a backslash is in the line; nil without marks.
  @inline(__always)
  var hasBackslash: Bool? {
    guard let words = marks?.backslashes else { return nil }
    guard line.count > 0 else { return false }
    let start = firstBit
    let end = start + line.count - 1
    var index = start >> 6
    let last = end >> 6
    var word = words[index] & (~0 << UInt64(start & 63))
    var any: UInt64 = 0
    while index < last {
      any |= word
      index += 1
      word = words[index]
    }
    return any | word & (~0 >> UInt64(63 - end & 63)) != 0
  }

  /// Bit i is set when byte `offset + i` of the line is `byte`; bytes past the end never are.
  @inline(__always)
  private func mask(of byte: UInt8, at offset: Int) -> UInt64 {
    let place = line.pointer + offset
    let rest = line.count - offset
    if place + 64 <= upper {
      let mask = meshaudit_match64(place, byte)
      return rest >= 64 ? mask : mask & ((1 << UInt64(rest)) - 1)
    }
    var mask: UInt64 = 0
    for index in 0..<min(rest, 64) where place[index] == byte { mask |= 1 << UInt64(index) }
    return mask
  }

  /// Bit 63 - i is set when the byte i places before `end` of the line (the last one for 0) is `byte`.
  @inline(__always)
  private func mask(of byte: UInt8, before end: Int) -> UInt64 {
    let place = line.pointer + end - 64
    if place >= lower {
      let mask = meshaudit_match64(place, byte)
      return end >= 64 ? mask : mask & ~((1 << UInt64(64 - end)) - 1)
    }
    var mask: UInt64 = 0
    for index in 0..<min(end, 64) where line[end - 1 - index] == byte {
      mask |= 1 << UInt64(63 - index)
    }
    return mask
  }

  /// Writes the places of the first `count` bytes equal to `byte`; returns how many there are.
  @inline(never)
  func first(_ count: Int, of byte: UInt8, into places: UnsafeMutablePointer<Int>) -> Int {
    var found = 0
    var offset = 0
    while offset < line.count {
      var mask = mask(of: byte, at: offset)
      while mask != 0 {
        places[found] = offset + mask.trailingZeroBitCount
        found += 1
        if found == count { return found }
        mask &= mask - 1
      }
      offset += 64
    }
    return found
  }

  /// Writes the places of the last `count` bytes equal to `byte`, the last one first; returns how many
  /// there are.
  @inline(never)
  func last(_ count: Int, of byte: UInt8, into places: UnsafeMutablePointer<Int>) -> Int {
    var found = 0
    var end = line.count
    while end > 0 {
      var mask = mask(of: byte, before: end)
      while mask != 0 {
        let zeros = mask.leadingZeroBitCount
        places[found] = end - 1 - zeros
        found += 1
        if found == count { return found }
        mask &= ~(1 << UInt64(63 - zeros))
      }
      end -= 64
    }
    return found
  }

  /// How many of the bytes `from..<to` are `byte`.
  func count(of byte: UInt8, from: Int, to: Int) -> Int {
    var total = 0
    var offset = from
    while offset < to {
      var mask = mask(of: byte, at: offset)
      if to - offset < 64 { mask &= (1 << UInt64(to - offset)) - 1 }
      total += mask.nonzeroBitCount
      offset += 64
    }
    return total
  }
}
