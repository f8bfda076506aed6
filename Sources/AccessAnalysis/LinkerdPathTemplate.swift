/// Path templates of access logs as routes of the Gateway API write paths.
enum LinkerdPathTemplate {
  /// A path without placeholders is exact; one with them is an expression that matches the whole path
  /// (linkerd2-proxy, http-route/src/http/match/path.rs); a path that was cut is a prefix of whole segments.
  ///
  /// Nil where a cut path ends inside a segment.
  static func match(of template: String, method: String?) -> SuggestedServer.Match? {
    if template.hasSuffix("{*}") {
      let prefix = String(template.dropLast("{*}".count))
      guard prefix.hasSuffix("/"), !prefix.contains("{") else { return nil }
      let path = prefix == "/" ? prefix : String(prefix.dropLast())
      return .init(method: method, comparison: .prefix, path: path)
    }
    guard template.contains("{") else {
      return .init(method: method, comparison: .exact, path: template)
    }
    var expression = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { return nil }
      expression += escaped(rest[..<open]) + "[^/]+"
      rest = rest[rest.index(after: close)...]
    }
    return .init(
      method: method, comparison: .regularExpression, path: expression + escaped(rest))
  }

  private static func escaped(_ literal: Substring) -> String {
    literal.reduce(into: "") { text, character in
      if #"\.+*?()|[]{}^$"#.contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}
