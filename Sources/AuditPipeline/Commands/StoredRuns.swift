import AuditModel
import AuditStore
import Foundation
import MeshModel
package import Reporting

/// Runs that a database holds.
package struct StoredRuns {
  private let store: AuditStore
  private let path: String

  package init(database: String) throws(PipelineError) {
    store = try StoredRuns.open(database)
    path = database
  }

  /// Opens a database that must be there: an empty new one would answer every question with nothing.
  ///
  /// What a killed run left behind is cleared first, under the lock. While another run holds the lock,
  /// the database is opened for reading only, so that the run is not taken for a killed one.
  static func open(_ path: String) throws(PipelineError) -> AuditStore {
    guard FileKind.of(path) == .file else {
      throw PipelineError(
        .usage, "there is no database \"\(path)\"",
        hint: "`meshaudit audit PATH… --database \(path)` makes it")
    }
    let lock: RunLock?
    do {
      lock = try RunLock(database: path)
    } catch  where error.code == .locked {
      lock = nil
    }
    defer { withExtendedLifetime(lock) {} }
    do throws(StoreError) {
      return try lock == nil ? AuditStore(reading: path) : AuditStore(path: path)
    } catch {
      throw PipelineError(error)
    }
  }

  /// Renders a run from its snapshot.
  package func render(
    run: Int?, format: ReportFormat, junitDialect: ReportOptions.JUnitDialect
  ) throws(PipelineError) -> [UInt8] {
    let snapshot: [[UInt8]]?
    do throws(StoreError) {
      snapshot = try store.snapshot(sequence: run)
    } catch {
      throw PipelineError(error)
    }
    guard let snapshot else {
      throw PipelineError(
        .usage,
        run.map { "\"\(path)\" keeps no report of run \($0)" } ?? "\"\(path)\" holds no run",
        hint: "`meshaudit history --database \(path)` lists the runs")
    }
    do {
      let report = try ReportSnapshot.report(from: snapshot)
      return try format.render(report, options: .standard(junitDialect: junitDialect))
    } catch let error as ReportingError {
      throw PipelineError(error)
    } catch {
      throw PipelineError(.failed, "the stored report cannot be read; it is of another version")
    }
  }

  /// One row for each run, oldest first.
  package func history() throws(PipelineError) -> TextTable {
    do throws(StoreError) {
      let severities = Severity.allCases
      return TextTable(
        columns: ["run", "as_of", "outcome", "exit"] + severities.map(\.rawValue)
          + ["report", "id"],
        rows: try store.runs().map { run in
          [.int(Int64(run.sequence)), .string(run.asOf), .string(run.outcome)]
            + [.int(Int64(run.exitCode))]
            + severities.map { .int(Int64(run.failCounts[$0] ?? 0)) }
            + [.string(run.hasReport ? "kept" : "gone"), .string(run.key)]
        })
    } catch {
      throw PipelineError(error)
    }
  }

  /// Writes a rendered report, whole or not at all.
  package static func write(_ bytes: [UInt8], to path: String) throws(PipelineError) {
    try AtomicFile.write(bytes, to: path)
  }
}
