/// Text for a terminal that may hold names from the user's files.
package enum TerminalText {
  /// Shows controls and direction marks instead of obeying them; line feeds and tabs stay.
  package static func safe(_ text: String) -> String {
    VisibleText.escaped(text, keepsLines: true)
  }
}
