/// An address and port as Envoy and ztunnel print them: `10.1.2.3:8080`, `[::1]:15006`.
struct SocketAddress {
  /// Without brackets.
  var address: String
  var port: Int?

  init?(_ text: String) {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      address = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      port = rest.hasPrefix(":") ? Int(rest.dropFirst()) : nil
      return
    }
    let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    if let colon, !text.utf8[text.utf8.index(after: colon)...].contains(UInt8(ascii: ":")) {
      (address, port) = (String(text[..<colon]), Int(text[text.utf8.index(after: colon)...]))
    } else {
      // A bare address, of IPv6 where it has several colons.
      (address, port) = (text, nil)
    }
    guard !address.isEmpty else { return nil }
  }
}
