/// What the documented views stand on: the columns of tables that SQLite reads for each.
///
/// Learned once for a schema and handed on to further connections.
package struct ViewFootprints: Sendable {
  private struct TableColumn: Hashable {
    var table: String
    var column: String
  }

  private(set) var tables: Set<String> = []
  private var columns: [String: Set<TableColumn>] = [:]

  mutating func add(column: String, of table: String, to view: String) {
    columns[view, default: []].insert(TableColumn(table: table, column: column))
    tables.insert(table)
  }

  func has(column: String, of table: String, behind view: String) -> Bool {
    columns[view]?.contains(TableColumn(table: table, column: column)) == true
  }
}
