/// Path expressions of routes that say no more than a template does.
enum LinkerdPathExpression {
  /// `/v1/plans/{*}` for `/v1/plans/[^/]+`: literal segments, and segments of at least one character.
  ///
  /// An expression matches the whole path (linkerd2-proxy, http-route/src/http/match/path.rs). Nil for
  /// every other expression.
  static func template(of expression: String) -> String? {
    let anySegment: Character = "\u{0}"
    let marked = expression.replacing("[^/]+", with: String(anySegment))
    guard marked.contains(anySegment), marked.first == "/" else { return nil }
    var segments: [String] = []
    for segment in marked.split(separator: "/", omittingEmptySubsequences: false) {
      if segment == String(anySegment) {
        segments.append("{*}")
      } else if let literal = literal(segment) {
        segments.append(literal)
      } else {
        return nil
      }
    }
    return segments.joined(separator: "/")
  }

  /// The text that a part of an expression stands for, when it is one.
  private static func literal(_ part: Substring) -> String? {
    var text = ""
    var isEscaped = false
    for character in part {
      if isEscaped {
        guard #"\.+*?()|[]{}^$-"#.contains(character) else { return nil }
        text.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if #".+*?()|[]{}^$"#.contains(character) || character == "\u{0}" {
        return nil
      } else {
        text.append(character)
      }
    }
    // What a template would read as a pattern is not written into one.
    return isEscaped || text.contains { "{}*".contains($0) } ? nil : text
  }
}
