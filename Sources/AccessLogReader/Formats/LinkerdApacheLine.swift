/// Reads the Linkerd proxy's `access-log: apache` lines,
/// `ADDR CLIENT_ID - [TS] "METHOD URI VERSION" STATUS` (spec access-logs 6).
///
/// Neither URI nor identity can hold a space; the line has exactly seven.
enum LinkerdApacheLine {
  static func read(
    _ line: Bytes, _ record: inout LogRecord, _ times: inout LogTimeReader
  ) -> LineVerdict {
    var tokens: (Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes) = (
      Bytes(), Bytes(), Bytes(), Bytes(), Bytes(), Bytes(), Bytes(), Bytes()
    )
    var start = 0
    for index in 0..<8 {
      let rest = line.dropFirst(start)
      let space = rest.firstIndex(of: UInt8(ascii: " "))
      guard (space == nil) == (index == 7) else { return .rejected }
      let token = rest.prefix(space ?? rest.count)
      switch index {
      case 0: tokens.0 = token
      case 1: tokens.1 = token
      case 2: tokens.2 = token
      case 3: tokens.3 = token
      case 4: tokens.4 = token
      case 5: tokens.5 = token
      case 6: tokens.6 = token
      default: tokens.7 = token
      }
      start += token.count + 1
    }
    let (address, identity, dash, time, method, uri, version, status) = tokens
    guard dash.equals("-"), time.count > 2, time[0] == UInt8(ascii: "["),
      time[time.count - 1] == UInt8(ascii: "]"), method.count > 1, method[0] == UInt8(ascii: "\""),
      IstioTextLine.endsInQuote(version), let code = IstioTextLine.codeNumber(status),
      let moment = times.read(Bytes(time.pointer + 1, time.count - 2))
    else { return .rejected }
    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    record.code = code
    record[.remoteAddress] = address
    record[.peerSAN] = IstioTextLine.present(identity)
    record[.method] = method.dropFirst(1)
    record[.protocolName] = version.prefix(version.count - 1)
    record[.path] = uri
    finish(&record)
    return .read
  }

  /// Takes the host out of the URI when nothing else said it, and marks refusals.
  static func finish(_ record: inout LogRecord) {
    let uri = record[.path]
    guard uri.count > 0 else { return }
    if record[.authority].isEmpty, let colon = uri.firstIndex(of: UInt8(ascii: ":")),
      uri.dropFirst(colon).hasPrefix("://")
    {
      let rest = uri.dropFirst(colon + 3)
      record[.authority] = rest.prefix(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count)
    }
    if record.code == 403 { record[.termination] = uri }
  }
}
