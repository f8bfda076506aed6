/// A report could not be rendered.
package struct ReportingError: Error, Hashable, Sendable {
  /// `style-sheet`, `xml-writer`.
  package var code: String
  package var message: String

  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  package static func == (left: ReportingError, right: ReportingError) -> Bool {
    left.code == right.code
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
