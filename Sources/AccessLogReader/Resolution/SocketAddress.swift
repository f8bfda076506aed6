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
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: (address, port) = (text, nil)
    case 2: (address, port) = (String(parts[0]), Int(parts[1]))
    // A bare IPv6 address.
    default: (address, port) = (text, nil)
    }
    guard !address.isEmpty else { return nil }
  }
}
