import AuditStore
import Reporting
import RuleEngine

/// A problem of the run itself.
///
/// Problems of the user's input are diagnostics instead.
package struct PipelineError: Error, Equatable {
  package enum Code: String, Sendable {
    /// The command line or the configuration asks for something that is not there.
    case usage
    /// The database, the disk or the output folder failed.
    case failed
    /// Another run holds the lock.
    case locked

    /// See `docs/exit-codes.md`.
    package var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .failed: 70
      case .locked: 75
      }
    }
  }

  package var code: Code
  package var message: String
  package var hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  package static func == (left: PipelineError, right: PipelineError) -> Bool {
    left.code == right.code
  }

  /// Puts the error of a module into words for the command line.
  init(_ error: any Error) {
    switch error {
    case let error as PipelineError: self = error
    case let error as StoreError:
      self.init(error.code == .locked ? .locked : .failed, error.message)
    case let error as RuleEngineError: self.init(.failed, error.message)
    case let error as ReportingError: self.init(.failed, error.message)
    default: self.init(.failed, "the run failed for a reason that has no name yet")
    }
  }
}
