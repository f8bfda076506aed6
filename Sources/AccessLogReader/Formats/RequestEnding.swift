/// What a text line says about how a request ended, and whether the line says it twice.
struct RequestEnding {
  var code: Int
  var flags: Bytes
  var details: Bytes
  var termination: Bytes

  private func agrees(with other: RequestEnding) -> Bool {
    code == other.code && flags.equals(other.flags) && details.equals(other.details)
      && termination.equals(other.termination)
  }

  /// Whether the ending fits what the trusted end of the line says about the upstream host: Envoy
  /// writes `via_upstream` only for an upstream's response, and a request that RBAC refused never got
  /// one (spec access-logs 1.2).
  private func fits(hasUpstream: Bool) -> Bool {
    if details.equals("via_upstream") { return hasUpstream }
    if details.hasPrefix("rbac_access_denied") { return !hasUpstream }
    return true
  }

  /// Whether the forgeable `middle` of a line in Istio's text format holds another complete ending
  /// (`PROTOCOL" CODE FLAGS DETAILS TERMINATION "REASON" NUMBER NUMBER NUMBER NUMBER "`) that differs
  /// from the one shown and may as well be the true one.
  ///
  /// Decision: an ending that contradicts the trusted fields is a forgery and changes nothing; when
  /// both fit or neither does, nobody can tell which is the proxy's, and the line is no evidence.
  static func isContested(_ shown: RequestEnding, in middle: Bytes, hasUpstream: Bool) -> Bool {
    var tokens: [Bytes] = []
    var from = 0
    for index in 0..<middle.count where middle[index] == UInt8(ascii: " ") {
      tokens.append(Bytes(middle.pointer + from, index - from))
      from = index + 1
    }
    tokens.append(Bytes(middle.pointer + from, middle.count - from))
    guard tokens.count >= 11 else { return false }
    let shownFits = shown.fits(hasUpstream: hasUpstream)
    for index in 0...(tokens.count - 11) {
      guard let hidden = ending(tokens[index..<(index + 11)]), !hidden.agrees(with: shown) else {
        continue
      }
      if hidden.fits(hasUpstream: hasUpstream) || !shownFits { return true }
    }
    return false
  }

  private static func ending(_ tokens: ArraySlice<Bytes>) -> RequestEnding? {
    let first = tokens.startIndex
    guard IstioTextLine.endsInQuote(tokens[first]),
      let code = IstioTextLine.codeNumber(tokens[first + 1]),
      IstioTextLine.isQuoted(tokens[first + 5])
    else { return nil }
    for index in 6...9 where IstioTextLine.amount(tokens[first + index]) == nil { return nil }
    let next = tokens[first + 10]
    guard next.count > 0, next[0] == UInt8(ascii: "\"") else { return nil }
    return RequestEnding(
      code: code, flags: tokens[first + 2], details: tokens[first + 3],
      termination: tokens[first + 4])
  }
}
