import AuditStore
import Foundation
import MeshModel
package import Reporting
import RuleEngine

/// `meshaudit query`.
package enum ViewQuery {
  /// Runs one SELECT over the documented views on a locked-down connection.
  package static func run(_ sql: String, database: String) throws(PipelineError) -> TextTable {
    let store = try StoredRuns.open(database)
    guard !store.isReadOnly else {
      // The views speak of the current run, and that one is not finished.
      throw PipelineError(
        .locked, "a run is writing \"\(database)\"", hint: "ask again when it has ended")
    }
    do throws(RuleEngineError) {
      let runner = try RuleRunner(
        databasePath: store.path, views: View.columnsByName, limits: .query)
      let result = try runner.rows(sql)
      return TextTable(columns: result.columns, rows: result.rows.map { $0.map(\.json) })
    } catch {
      throw PipelineError(
        .usage, error.message, hint: "docs/views.md lists the views and their columns")
    }
  }
}

extension View {
  /// What the locked-down connection lets through.
  static var columnsByName: [String: Set<String>] {
    Dictionary(uniqueKeysWithValues: all.map { ($0.name, Set($0.columns.map(\.name))) })
  }
}
