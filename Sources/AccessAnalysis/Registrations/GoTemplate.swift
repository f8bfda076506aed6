/// A Go template as far as registrations use them: text, values of fields, and `index` on a map (Go
/// text/template, Actions).
///
/// Functions, pipes, variables and conditions are not evaluated.
struct GoTemplate {
  enum Piece: Hashable {
    case text(String)
    /// `.PodMeta.Labels.app`, without the first dot.
    case field([String])
    /// `index .PodMeta.Labels "app.kubernetes.io/name"`.
    case entry(of: [String], key: String)
  }

  private(set) var pieces: [Piece] = []
  /// The first action that is not evaluated, or what is wrong with the template.
  private(set) var defect: String?

  init(_ template: String) {
    var rest = Substring(template)
    var trimsStart = false
    while let opening = rest.firstRange(of: "{{") {
      var action = rest[opening.upperBound...]
      guard let closing = action.firstRange(of: "}}") else {
        defect = defect ?? "its last \"{{\" has no \"}}\""
        return
      }
      var text = rest[..<opening.lowerBound]
      rest = action[closing.upperBound...]
      action = action[..<closing.lowerBound]
      if trimsStart { text = text.drop(while: \.isWhitespace) }
      if action.hasPrefix("- ") {
        while text.last?.isWhitespace == true { text.removeLast() }
        action.removeFirst()
      }
      trimsStart = action.hasSuffix(" -")
      if trimsStart { action.removeLast() }
      append(text)
      read(action)
    }
    append(trimsStart ? rest.drop(while: \.isWhitespace) : rest)
  }

  private mutating func append(_ text: Substring) {
    if !text.isEmpty { pieces.append(.text(String(text))) }
  }

  private mutating func read(_ action: Substring) {
    let words = action.split(whereSeparator: \.isWhitespace)
    if words.first?.hasPrefix("/*") == true { return }
    if words.count == 1, let path = GoTemplate.path(words[0]) {
      pieces.append(.field(path))
    } else if words.count == 3, words[0] == "index", let path = GoTemplate.path(words[1]),
      let key = GoTemplate.literal(words[2])
    {
      pieces.append(.entry(of: path, key: key))
    } else {
      let text = words.joined(separator: " ")
      defect = defect ?? "its action \"\(text)\" is not evaluated"
    }
  }

  private static func path(_ word: Substring) -> [String]? {
    let names = word.split(separator: ".", omittingEmptySubsequences: false)
    guard names.count > 1, names[0].isEmpty,
      names.dropFirst().allSatisfy({ name in
        !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      })
    else { return nil }
    return names.dropFirst().map(String.init)
  }

  private static func literal(_ word: Substring) -> String? {
    for quote in ["\"", "`"]
    where word.count > 1 && word.hasPrefix(quote) && word.hasSuffix(quote) {
      let inside = word.dropFirst().dropLast()
      return inside.contains("\\") || inside.contains(quote) ? nil : String(inside)
    }
    return nil
  }
}

extension GoTemplate {
  /// A value, or why it is not known.
  enum Value: Hashable {
    case text(String)
    case unknown(String)
  }

  /// The text that it gives; not known as soon as one of its parts is not.
  func rendered(_ value: (Piece) -> Value) -> Value {
    if let defect { return .unknown(defect) }
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .field, .entry:
        switch value(piece) {
        case .text(let text): result += text
        case .unknown(let reason): return .unknown(reason)
        }
      }
    }
    return .text(result)
  }
}
