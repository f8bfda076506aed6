/// Istio's default text format, read from both ends.
///
/// Format: Istio pilot/pkg/model/telemetry_logging.go `EnvoyTextLogFormat`. Envoy escapes nothing in
/// text, so that a user agent may hold quotes and whole forged fields; but no unquoted field, nor
/// method, path, protocol and authority, can hold a space. Hence thirteen tokens from the left (time
/// to duration) and eight from the right (authority to route) are exact, and the forgeable middle is
/// not needed.
///
/// One way to forge is left: the logged path may be the header `x-envoy-original-path`, and a header's
/// value may hold spaces and quotes (RFC 9110 section 5.5), so that a caller can put a whole false
/// ending of the request there. The true ending then stands in the middle, where `RequestEnding`
/// finds it.
enum IstioTextLine {
  /// Tokens before the forgeable middle that are read; the thirteenth is the upstream service time.
  private static let left = 13
  private static let right = 8

  /// Reads a line into the record.
  @inline(__always)
  static func read(
    _ window: LineWindow, _ record: inout LogRecord, _ times: inout LogTimeReader,
    _ buffer: borrowing PlaceBuffer
  ) -> LineVerdict {
    let line = window.line
    let quote = UInt8(ascii: "\"")
    guard line.count > 60, line[0] == UInt8(ascii: "[") else { return .rejected }
    // Places of the first spaces and of the last ones, counted from `start`.
    let places: UnsafePointer<UInt32>
    let ends: UnsafePointer<UInt32>
    let start: UnsafePointer<UInt8>
    if let (list, count) = window.places(.space) {
      guard count >= left else { return .rejected }
      places = list
      ends = list + (count - right)
      start = window.lower
    } else {
      guard let found = buffer.ends(window, left: left, right: right + 1) else { return .rejected }
      (places, ends) = (found.left, found.right + 1)
      start = line.pointer
    }
    let first = line.pointer - start

    @inline(__always)
    func token(_ index: Int) -> Bytes {
      let from = index == 0 ? first : Int(places[index - 1]) + 1
      return Bytes(start + from, Int(places[index]) - from)
    }

    @inline(__always)
    func number(_ index: Int, absent: Int) -> Int {
      let from = Int(places[index &- 1]) &+ 1
      return inner(start + from, Int(places[index]) &- from, absent: absent)
    }

    let time = token(0)
    guard time.count > 2, time[time.count - 1] == UInt8(ascii: "]"),
      let moment = times.read(Bytes(line.pointer + 1, time.count - 2))
    else { return .rejected }
    let method = token(1)
    let protocolName = token(3)
    let reason = token(8)
    guard method.count > 0, method[0] == quote, protocolName.count > 0,
      protocolName[protocolName.count - 1] == quote, let code = codeNumber(token(4)),
      reason.count >= 2, reason[0] == quote, reason[reason.count - 1] == quote
    else { return .rejected }
    let received = number(9, absent: 0)
    let sent = number(10, absent: 0)
    let duration = number(11, absent: -1)
    guard received >= 0, sent >= 0, duration >= -1 else { return .rejected }

    let middle = Int(places[left - 1]) + 1
    let authorityStart = Int(ends[0]) + 1
    // The middle is at least `"" "" ""`.
    guard authorityStart - middle >= 9, start[middle] == quote,
      start[authorityStart - 2] == quote
    else { return .ambiguous }

    @inline(__always)
    func end(_ index: Int) -> Bytes {
      let from = Int(ends[right - 1 - index]) + 1
      let to = index == 0 ? first + line.count : Int(ends[right - index])
      return Bytes(start + from, to - from)
    }

    let authority = end(7)
    let upstreamHost = end(6)
    guard isQuoted(authority), isQuoted(upstreamHost), !endsInQuote(end(5)),
      !endsInQuote(end(4)), !endsInQuote(end(3)), !endsInQuote(end(2)), !endsInQuote(end(1)),
      !endsInQuote(end(0))
    else { return .ambiguous }

    // Three quoted fields have six quotes; a hidden ending has three more.
    if window.quoteCount(from: middle - first, to: authorityStart - 1 - first) > 6 {
      let shown = RequestEnding(
        code: code, flags: token(5), details: token(6), termination: token(7))
      let hasUpstream = !present(unquoted(upstreamHost)).isEmpty
      if RequestEnding.isContested(
        shown, in: Bytes(start + middle, authorityStart - 1 - middle), hasUpstream: hasUpstream)
      {
        return .ambiguous
      }
    }

    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    record.code = code
    record.bytesReceived = received
    record.bytesSent = sent
    record.duration = duration
    record[.method] = present(method.dropFirst(1))
    record[.loggedPath] = present(token(2))
    record[.protocolName] = present(protocolName.prefix(protocolName.count - 1))
    record[.flags] = present(token(5))
    record[.details] = present(token(6))
    record[.termination] = present(token(7))
    // What stands before the authority, as far as it is one token.
    let id = Bytes(start + Int(ends[-1]) + 1, authorityStart - 2 - Int(ends[-1]))
    if Int(ends[-1]) >= middle, isQuoted(id) { record[.requestID] = present(unquoted(id)) }
    record[.authority] = present(unquoted(authority))
    record[.upstreamHost] = present(unquoted(upstreamHost))
    record[.cluster] = present(end(5))
    record[.upstreamLocalAddress] = present(end(4))
    record[.localAddress] = present(end(3))
    record[.remoteAddress] = present(end(2))
    record[.sni] = present(end(1))
    return .read
  }

  /// Absent is `-`, or nothing with `omit_empty_values`.
  @inline(__always)
  static func present(_ bytes: Bytes) -> Bytes {
    bytes.count == 1 && bytes[0] == UInt8(ascii: "-") ? Bytes() : bytes
  }

  @inline(__always)
  static func isQuoted(_ bytes: Bytes) -> Bool {
    bytes.count >= 2 && bytes[0] == UInt8(ascii: "\"")
      && bytes[bytes.count - 1] == UInt8(ascii: "\"")
  }

  @inline(__always)
  static func endsInQuote(_ bytes: Bytes) -> Bool {
    bytes.count > 0 && bytes[bytes.count - 1] == UInt8(ascii: "\"")
  }

  @inline(__always)
  static func unquoted(_ bytes: Bytes) -> Bytes {
    Bytes(bytes.pointer + 1, bytes.count - 2)
  }

  /// A response code: up to three digits; 0 for absent.
  @inline(__always)
  static func codeNumber(_ bytes: Bytes) -> Int? {
    if present(bytes).isEmpty { return 0 }
    guard bytes.count <= 3, let code = bytes.number else { return nil }
    return code
  }

  /// A number of bytes; 0 for absent.
  @inline(__always)
  static func amount(_ bytes: Bytes) -> Int? {
    present(bytes).isEmpty ? 0 : bytes.number
  }

  /// A number in the middle of a line, where the eight bytes before its end are the line's; `absent` for
  /// none, and less than that for anything else.
  @inline(__always)
  private static func inner(_ digits: UnsafePointer<UInt8>, _ count: Int, absent: Int) -> Int {
    if count == 0 || count == 1 && digits[0] == UInt8(ascii: "-") { return absent }
    return Bytes(digits, count).innerNumber ?? -2
  }

  /// A number of milliseconds; -1 for absent.
  @inline(__always)
  static func duration(_ bytes: Bytes) -> Int? {
    present(bytes).isEmpty ? -1 : bytes.number
  }
}
