/// Escapes text for GitHub Flavored Markdown.
enum Markdown {
  /// A sentence that may hold names from the mesh.
  ///
  /// Character references instead of backslashes: they end a mention, an autolink and a table cell as
  /// well, which a backslash does not everywhere.
  static func text(_ text: String) -> String {
    var escaped = ""
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      case "&", "<", ">", "\\", "`", "*", "_", "[", "]", "|", "@", "#", "~", "!", "$":
        escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
  }

  /// A name in a code span.
  static func code(_ text: String) -> String {
    var span = "`"
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      // No reference is read inside a code span, and a pipe would end the table cell.
      case "`": span += "'"
      case "|": span += "\\|"
      default: span.unicodeScalars.append(scalar)
      }
    }
    return text.isEmpty ? "" : span + "`"
  }
}
