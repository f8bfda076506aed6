/// A list of ports in an annotation: numbers and ranges, `1-3,8080`.
///
/// One bad token, a port's name for example, voids the whole list (policy-controller
/// k8s/index/src/ports.rs, `parse_portset`).
struct LinkerdPortList: Sendable {
  private(set) var ranges: [ClosedRange<Int>] = []
  /// The first token that could not be read; the list is then empty.
  private(set) var badToken: String?

  init(_ text: String?) {
    guard let text else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      let token = LinkerdPortList.trimmed(part)
      guard !token.isEmpty else { continue }
      let bounds = token.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        .map { LinkerdPortList.port(LinkerdPortList.trimmed($0)) }
      guard let lower = bounds[0], let upper = bounds[bounds.count - 1], lower <= upper else {
        ranges = []
        badToken = String(token)
        return
      }
      ranges.append(lower...upper)
    }
  }

  /// The list as the destination controller reads it for clients: names count, and a token that is
  /// neither is left out (linkerd2 controller/api/destination/watcher, opaque_ports_watcher.go).
  init(client text: String, names: [String: Set<Int>]) {
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      let token = String(LinkerdPortList.trimmed(part))
      if let named = names[token] {
        ranges += named.sorted().map { $0...$0 }
      } else {
        ranges += LinkerdPortList(token).ranges
      }
    }
  }

  func contains(_ port: Int) -> Bool { ranges.contains { $0.contains(port) } }

  var isEmpty: Bool { ranges.isEmpty }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }

  private static func port(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
      (1...65_535).contains(port)
    else { return nil }
    return port
  }
}
