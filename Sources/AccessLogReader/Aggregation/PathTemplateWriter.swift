import CInflateShim

/// Turns a path into its template: no query, identifiers as `{id}`, personal data as `{email}` and
/// `{token}`.
///
/// A segment is an identifier when it is a number, a UUID, a hash in hex, holds four digits in a row,
/// is mostly of digits, as telephone numbers are, or is long and mixed. Decision: a segment that merely ends in a digit (`v1`, `gpt-4o`, `oauth2`) is
/// a name.
struct PathTemplateWriter: ~Copyable {
  /// The longest template; what is longer ends in `{*}`.
  static let longest = 256

  private let classes: UnsafeMutablePointer<UInt8>

  private static let digit: UInt8 = 1
  private static let hex: UInt8 = 2
  private static let letter: UInt8 = 4
  private static let dash: UInt8 = 8
  private static let special: UInt8 = 16
  private static let end: UInt8 = 32
  private static let slash: UInt8 = 64
  private static let other: UInt8 = 128

  init() {
    classes = .allocate(capacity: 256)
    for value in 0..<256 {
      let byte = UInt8(value)
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): classes[value] = PathTemplateWriter.digit
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        classes[value] = PathTemplateWriter.hex
      case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"):
        classes[value] = PathTemplateWriter.letter
      case UInt8(ascii: "-"): classes[value] = PathTemplateWriter.dash
      case UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: ";"):
        classes[value] = PathTemplateWriter.special
      case UInt8(ascii: "?"), UInt8(ascii: "#"): classes[value] = PathTemplateWriter.end
      case UInt8(ascii: "/"): classes[value] = PathTemplateWriter.slash
      default: classes[value] = PathTemplateWriter.other
      }
    }
  }

  deinit {
    classes.deallocate()
  }

  /// Writes the template of `path` and returns its length.
  ///
  /// `output` has room for `longest` bytes and 32 more.
  @inline(__always)
  func write(_ path: Bytes, to output: UnsafeMutablePointer<UInt8>) -> Int {
    guard path.count > 0 else { return 0 }
    if path[0] == UInt8(ascii: "/"), let written = writeShort(path, to: output) {
      return written
    }
    return writeLong(path, to: output)
  }

  /// Writes the template of a path of at most 64 bytes, its query not counted, by the places of its slashes
  /// and digits; nil when it is longer or one of its segments needs a closer look.
  @inline(__always)
  private func writeShort(_ path: Bytes, to output: UnsafeMutablePointer<UInt8>) -> Int? {
    let marks = meshaudit_mark_path(path.pointer, min(path.count, 64))
    guard path.count <= 64 || marks.ends != 0 else { return nil }
    let count = min(path.count, marks.ends.trailingZeroBitCount)
    let all: UInt64 = count == 64 ? ~0 : (1 << UInt64(count)) - 1
    guard marks.specials & all == 0 else { return nil }
    let digits = marks.digits & all
    // No segment of 16 bytes or more.
    var runs = ~marks.slashes & all
    runs &= runs >> 1
    runs &= runs >> 2
    runs &= runs >> 4
    guard runs & runs >> 8 == 0 else { return nil }
    if digits == 0 {
      meshaudit_copy64(output, path.pointer, count)
      return count
    }
    // What is copied next, and how much was written.
    var copied = 0
    var written = 0
    var from = 1
    var rest = digits
    while rest != 0 {
      // The segment with the next digit.
      let digit = rest.trailingZeroBitCount
      let before = marks.slashes & ((1 << UInt64(digit)) - 1)
      from = 64 - before.leadingZeroBitCount
      let to = min(count, (marks.slashes & (~0 << UInt64(digit))).trailingZeroBitCount)
      let upTo: UInt64 = to == 64 ? ~0 : (1 << UInt64(to)) - 1
      let segment = upTo & (~0 << UInt64(from))
      let here = digits & segment
      rest &= ~upTo
      let hasLongRun = here & here >> 1 & here >> 2 & here >> 3 != 0
      if here == segment || to - from < 8 && hasLongRun {
        meshaudit_copy64(output + written, path.pointer + copied, from - copied)
        written = PathTemplateWriter.put("{id}", output, written + from - copied)
        copied = to
      } else if to - from >= 8 {
        return nil
      }
    }
    meshaudit_copy64(output + written, path.pointer + copied, count - copied)
    return written + count - copied
  }

  /// Writes the template of any path, byte by byte.
  @inline(never)
  func writeLong(_ path: Bytes, to output: UnsafeMutablePointer<UInt8>) -> Int {
    let path = path[0] == UInt8(ascii: "/") ? path : PathTemplateWriter.pathOfURL(path)
    let start = path.pointer
    let count = path.count
    var position = 0
    var written = 0
    while position < count {
      if written >= PathTemplateWriter.longest {
        return PathTemplateWriter.put("{*}", output, written)
      }
      if start[position] == UInt8(ascii: "/") {
        output[written] = UInt8(ascii: "/")
        written += 1
        position += 1
      }
      let from = position
      var kinds: UInt8 = 0
      var digits = 0
      var run = 0
      var longestRun = 0
      while position < count {
        let kind = classes[Int(start[position])]
        if kind & (PathTemplateWriter.end | PathTemplateWriter.slash) != 0 { break }
        kinds |= kind
        if kind == PathTemplateWriter.digit {
          digits += 1
          run += 1
          if run > longestRun { longestRun = run }
        } else {
          run = 0
        }
        position += 1
      }
      let length = position - from
      if kinds & (PathTemplateWriter.digit | PathTemplateWriter.special) == 0, length < 16 {
        if written + length > PathTemplateWriter.longest {
          return PathTemplateWriter.put("{*}", output, written)
        }
        for index in 0..<length { output[written + index] = start[from + index] }
        written += length
      } else {
        written = writeSegment(
          Bytes(start + from, length), kinds, digits, longestRun, output, written)
        if written < 0 { return -written }
      }
      if position < count, start[position] != UInt8(ascii: "/") { break }
    }
    return written
  }

  /// Returns the new length, negative when the template ends here.
  @inline(never)
  private func writeSegment(
    _ segment: Bytes, _ kinds: UInt8, _ digits: Int, _ longestRun: Int,
    _ output: UnsafeMutablePointer<UInt8>, _ written: Int
  ) -> Int {
    if written + 8 > PathTemplateWriter.longest {
      return -PathTemplateWriter.put("{*}", output, written)
    }
    if digits == segment.count { return PathTemplateWriter.put("{id}", output, written) }
    if PathTemplateWriter.isToken(segment) {
      return PathTemplateWriter.put("{token}", output, written)
    }
    var segment = segment
    var hasParameters = false
    if kinds & PathTemplateWriter.special != 0 {
      if segment.firstIndex(of: UInt8(ascii: "@")) != nil
        || PathTemplateWriter.hasEncodedAt(segment)
      {
        return PathTemplateWriter.put("{email}", output, written)
      }
      if let cut = segment.firstIndex(of: UInt8(ascii: ";")) {
        segment = segment.prefix(cut)
        hasParameters = true
      }
    }
    var written = written
    if !hasParameters,
      PathTemplateWriter.isIdentifier(segment.count, kinds, digits, longestRun)
    {
      written = PathTemplateWriter.put("{id}", output, written)
    } else {
      if written + segment.count > PathTemplateWriter.longest {
        return -PathTemplateWriter.put("{*}", output, written)
      }
      for index in 0..<segment.count { output[written + index] = segment[index] }
      written += segment.count
    }
    if hasParameters { written = PathTemplateWriter.put(";{*}", output, written) }
    return written
  }

  private static func isIdentifier(
    _ count: Int, _ kinds: UInt8, _ digits: Int, _ longestRun: Int
  ) -> Bool {
    if count > 64 || longestRun >= 4 { return true }
    let onlyHex = kinds & ~(digit | hex) == 0
    if onlyHex, count >= 8, digits > 0 || count >= 16 { return true }
    if kinds & ~(digit | hex | dash) == 0, count == 36 { return true }
    // Telephone numbers and addresses, however they are grouped: +49-30-123-456, 10.243.38.103.
    if digits >= 7, digits * 2 >= count { return true }
    return count >= 20 && digits >= 4
  }

  /// Whether a segment looks like a credential: a JWT (RFC 7519 section 3.1: base64url of `{"`), or a
  /// key with a well-known prefix of GitHub, GitLab, Slack, AWS, or of the `sk-` kind.
  private static func isToken(_ segment: Bytes) -> Bool {
    guard segment.count >= 16 else { return false }
    return segment.hasPrefix("eyJ") || segment.hasPrefix("ghp_") || segment.hasPrefix("gho_")
      || segment.hasPrefix("ghs_") || segment.hasPrefix("ghu_")
      || segment.hasPrefix("github_pat_") || segment.hasPrefix("glpat-")
      || segment.hasPrefix("xox") || segment.hasPrefix("AKIA") || segment.hasPrefix("ASIA")
      || segment.hasPrefix("sk-") || segment.hasPrefix("sk_")
  }

  private static func hasEncodedAt(_ segment: Bytes) -> Bool {
    var rest = segment
    while let place = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = rest.dropFirst(place)
      if rest.hasPrefix("%40") { return true }
      rest = rest.dropFirst(1)
    }
    return false
  }

  @inline(__always)
  private static func put(
    _ text: StaticString, _ output: UnsafeMutablePointer<UInt8>, _ written: Int
  ) -> Int {
    memcpy(output + written, text.utf8Start, text.utf8CodeUnitCount)
    return written + text.utf8CodeUnitCount
  }

  /// The path of an absolute URL (`http://host:8080/path`, as Linkerd logs); anything else as it is.
  private static func pathOfURL(_ url: Bytes) -> Bytes {
    guard let colon = url.firstIndex(of: UInt8(ascii: ":")), colon <= 5,
      url.dropFirst(colon).hasPrefix("://")
    else { return url }
    let rest = url.dropFirst(colon + 3)
    guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
      return Bytes(rest.pointer + rest.count, 0)
    }
    return rest.dropFirst(slash)
  }
}
