import CInflateShim

/// Turns a path into its template: no query, identifiers as `{id}`, personal data as `{email}` and
/// `{token}`.
///
/// A segment is an identifier when it is a number, a UUID, a hash in hex, holds four digits in a row,
/// or is long and mixed. Decision: a segment that merely ends in a digit (`v1`, `gpt-4o`, `oauth2`) is
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
