/// Why a rule could not be run, or the runner could not be opened.
///
/// Two errors are equal when their codes are, so that tests can compare.
package struct RuleEngineError: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    /// The database could not be opened or locked down.
    case cannotOpen = "cannot-open"
    /// SQLite does not understand the statement.
    case invalidSQL = "invalid-sql"
    /// The statement reads, calls or changes something that rules may not.
    case notAllowed = "not-allowed"
    /// Columns or values are not what a rule must return.
    case malformedResult = "malformed-result"
    /// A parameter is missing, unknown or of the wrong type.
    case parameter
    /// Stopped at the time limit.
    case tooSlow = "too-slow"
    /// Stopped at a limit of size, memory or depth.
    case tooLarge = "too-large"
    /// SQLite failed while running: a broken file, no memory.
    case failed
  }

  package let code: Code
  /// Lower-case start, no full stop.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package static func == (left: RuleEngineError, right: RuleEngineError) -> Bool {
    left.code == right.code
  }
}

extension RuleEngineError: CustomStringConvertible {
  package var description: String { "\(message) [\(code.rawValue)]" }
}
