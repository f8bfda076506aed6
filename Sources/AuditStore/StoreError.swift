import AuditModel
import GRDB

/// A problem of the database: the run cannot go on.
package struct StoreError: Error, Equatable {
  package enum Code: String, Sendable {
    case notADatabase = "not-a-database"
    case corrupt = "database-corrupt"
    case newerSchema = "database-newer"
    case full = "disk-full"
    case locked = "database-locked"
    case readOnly = "database-read-only"
    case failed = "database-failed"
  }

  package var code: Code
  /// What happened and what to do; never SQL arguments.
  package var message: String

  package static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Says in words what SQLite said in numbers.
  package init(_ error: any Error, path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    if let failure = error as? CertificateStock.Failure {
      self.init(.failed, failure.message)
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.failed, "the database \"\(path)\" could not be used")
      return
    }
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(
        .notADatabase,
        "\"\(path)\" is not an SQLite database; name another file with --database, or move this one away"
      )
    case .SQLITE_CORRUPT:
      self.init(
        .corrupt,
        "the database \"\(path)\" is damaged; restore it from a backup, or start a new one")
    case .SQLITE_FULL:
      self.init(.full, "the disk of \"\(path)\" is full; nothing of this run was kept")
    case .SQLITE_IOERR:
      // A full disk shows as this when the shared-memory file of the write-ahead log cannot grow.
      self.init(
        .failed,
        "the database \"\(path)\" cannot be read or written: disk I/O error; check whether the disk is full or failing"
      )
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.locked, "the database \"\(path)\" is in use by another program")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      self.init(
        .readOnly,
        "the database \"\(path)\" cannot be written or opened; check that the folder exists and its permissions"
      )
    default:
      self.init(
        .failed,
        "the database \"\(path)\" failed: \(error.message ?? "SQLite error \(error.resultCode.rawValue)")"
      )
    }
  }
}
