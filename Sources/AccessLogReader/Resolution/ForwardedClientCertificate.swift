/// The header `x-forwarded-client-cert` (Envoy, HTTP header manipulation).
enum ForwardedClientCertificate {
  /// The `URI` of the last element, or nothing.
  ///
  /// With `APPEND_FORWARD` a caller may put elements in front; only the last one is the proxy's own
  /// (spec access-logs 1.2). Elements are parted by commas and pairs by semicolons, outside quotes; a
  /// quote inside quotes is escaped by a backslash.
  static func lastURI(_ header: Bytes) -> Bytes {
    var elementStart = 0
    var isQuoted = false
    var index = 0
    while index < header.count {
      switch header[index] {
      case UInt8(ascii: "\\") where isQuoted: index += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: elementStart = index + 1
      default: break
      }
      index += 1
    }
    guard !isQuoted else { return Bytes() }
    var found = Bytes()
    var pairStart = elementStart
    index = elementStart
    while index <= header.count {
      let isEnd = index == header.count
      if !isEnd, header[index] == UInt8(ascii: "\\"), isQuoted {
        index += 2
        continue
      }
      if !isEnd, header[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isEnd || (header[index] == UInt8(ascii: ";") && !isQuoted) {
        let pair = Bytes(header.pointer + pairStart, max(0, min(index, header.count) - pairStart))
        if pair.hasPrefix("URI=") {
          // Two URIs in one element leave open which identity was meant.
          if found.count > 0 { return Bytes() }
          found = pair.dropFirst(4)
        }
        pairStart = index + 1
      }
      index += 1
    }
    if IstioTextLine.isQuoted(found) { found = IstioTextLine.unquoted(found) }
    return found
  }
}
