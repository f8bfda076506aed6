import MeshModel

/// Takes secrets out of what is kept of a manifest.
///
/// What is kept is read by people and by rules, and goes into databases that live for years; no
/// question of an audit needs the values of environment variables, of ConfigMaps or of anything named
/// a password. Names stay, and the byte count of each value.
enum SecretRedaction {
  /// Annotations that repeat the whole object with all its values.
  private static let copies: Set<String> = ["kubectl.kubernetes.io/last-applied-configuration"]

  static func annotations(_ annotations: [String: String]) -> [String: String] {
    annotations.filter { !copies.contains($0.key) }
  }

  /// The names of a ConfigMap's or Secret's keys with the byte count of each value.
  static func keys(_ members: [(key: String, text: String?)]) -> JSONValue {
    .object(
      members.map { member in
        JSONValue.Member(
          member.key, .object([.init("byteCount", .int(Int64(member.text?.utf8.count ?? 0)))]))
      })
  }

  /// `value` with secrets replaced by their byte count.
  static func redacted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .int, .double: return value
    case .string(let text): return .string(isSecret(text) ? placeholder(text) : text)
    case .array(let values): return .array(values.map(redacted))
    case .object(let members): return .object(members.map(member))
    }
  }

  private static func member(_ member: JSONValue.Member) -> JSONValue.Member {
    switch (member.name, member.value) {
    case ("env", .array(let variables)):
      .init("env", .array(variables.map(variable)))
    case ("args", .array(let words)), ("command", .array(let words)):
      .init(member.name, .array(arguments(words)))
    case ("annotations", .object(let annotations)):
      .init(
        "annotations",
        redacted(.object(annotations.filter { !copies.contains($0.name) })))
    case (let name, .string(let text)) where isSecretName(name):
      .init(name, .string(placeholder(text)))
    default: .init(member.name, redacted(member.value))
    }
  }

  /// One environment variable: its value goes, a reference to where it comes from stays.
  private static func variable(_ variable: JSONValue) -> JSONValue {
    guard case .object(let members) = variable else { return redacted(variable) }
    return .object(
      members.map { member in
        guard member.name == "value" else { return member }
        if case .string(let text) = member.value {
          return .init("value", .string(placeholder(text)))
        }
        return .init("value", .string(placeholder(member.value.canonicalText)))
      })
  }

  /// Arguments of a program: the value of `--token=…`, or the word after `--token`, goes.
  private static func arguments(_ words: [JSONValue]) -> [JSONValue] {
    var isValueOfSecret = false
    return words.map { word in
      guard case .string(let text) = word else { return redacted(word) }
      if isValueOfSecret, !text.hasPrefix("-") {
        isValueOfSecret = false
        return .string(placeholder(text))
      }
      isValueOfSecret = false
      if let equals = text.firstIndex(of: "="), isSecretName(String(text[..<equals])) {
        let value = String(text[text.index(after: equals)...])
        return .string("\(text[...equals])\(placeholder(value))")
      }
      isValueOfSecret = text.hasPrefix("-") && isSecretName(text)
      return redacted(word)
    }
  }

  private static func placeholder(_ text: String) -> String {
    "(\(text.utf8.count) bytes not kept)"
  }

  /// Whether a field, flag or variable of this name holds a secret itself, not the name of one.
  private static func isSecretName(_ name: String) -> Bool {
    let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    return ["password", "passwd", "token", "apikey", "privatekey", "secretkey", "accesskey"]
      .contains { plain.hasSuffix($0) }
      || ["secret", "clientsecret", "credentials", "authorization"].contains(plain)
  }

  /// Whether a value shows by its own form that it is a secret: a key in PEM (RFC 7468), a JSON Web
  /// Token (RFC 7519: both parts start with `{"`), credentials in a URL (RFC 3986, 3.2.1) or in an HTTP
  /// header (RFC 6750), or the prefixes that GitHub and AWS document for their tokens.
  private static func isSecret(_ text: String) -> Bool {
    guard text.utf8.count >= 12 else { return false }
    if text.contains("PRIVATE KEY-----") || text.contains("eyJ") && isWebToken(text) { return true }
    if hasURLPassword(text) { return true }
    return ["Bearer ", "Basic ", "ghp_", "github_pat_", "AKIA", "xoxb-", "xoxp-"].contains {
      text.hasPrefix($0)
    }
  }

  private static func isWebToken(_ text: String) -> Bool {
    text.split(whereSeparator: { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }).contains {
      let parts = $0.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count >= 3 && parts[0].hasPrefix("eyJ") && parts[1].hasPrefix("eyJ")
    }
  }

  private static func hasURLPassword(_ text: String) -> Bool {
    var rest = Substring(text)
    while let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...]
      let authority = rest.prefix { !"/?# \n\"'".contains($0) }
      if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") { return true }
    }
    return false
  }
}
