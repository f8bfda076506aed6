/// A problem in the user's input.
///
/// Problems of input are data: they are collected, the run goes on, and what depends on the input
/// becomes `not-assessed`.
package struct Diagnostic: Codable, Hashable, Sendable {
  /// How much the problem takes away from the audit.
  package enum Severity: String, Codable, Hashable, Sendable, CaseIterable {
    /// Something could not be read; subjects that depend on it are not assessed.
    case error
    /// Everything was read, but it does not mean what it seems to say.
    case warning
    /// Worth knowing; nothing is lost.
    case note
  }

  /// Stable kebab-case code, for example `unknown-field`.
  package var code: String
  package var severity: Severity
  /// Lower-case start, no full stop; user text in double quotes.
  package var message: String
  package var location: SourceLocation?
  /// What to do about it, in the same style.
  package var hint: String?

  package init(
    code: String, severity: Severity, message: String, location: SourceLocation? = nil,
    hint: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.location = location
    self.hint = hint
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `mesh/agents.yaml:41:9: error: unknown field "form" [unknown-field]`, and the hint below it.
  package var description: String {
    let place = location.map { "\($0): " } ?? ""
    let first = "\(place)\(severity.rawValue): \(message) [\(code)]"
    guard let hint else { return first }
    return "\(first)\n  hint: \(hint)"
  }
}

/// Collects diagnostics in the order in which they were found.
///
/// One reader owns one sink.
package final class DiagnosticSink {
  package private(set) var diagnostics: [Diagnostic] = []

  package init() {}

  package func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  package func report(
    _ severity: Diagnostic.Severity, _ code: String, _ message: String,
    at location: SourceLocation? = nil, hint: String? = nil
  ) {
    report(
      Diagnostic(
        code: code, severity: severity, message: message, location: location, hint: hint))
  }
}
