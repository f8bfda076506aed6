import GRDB
import MeshModel

/// Inserts rows into one table through one prepared statement.
struct RowWriter {
  private let statement: Statement
  private let connection: Database

  init(_ connection: Database, table: String, columns: [String]) throws {
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    statement = try connection.cachedStatement(
      sql: "insert into \(table) (\(names)) values (\(marks))")
    self.connection = connection
  }

  /// The same for values that are SQLite's already, as many as there are columns.
  func insert(values: [DatabaseValue]) throws {
    statement.setUncheckedArguments(StatementArguments(values))
    try statement.execute()
  }

  /// Returns the id of the new row.
  @discardableResult
  func insert(_ values: [(any DatabaseValueConvertible)?]) throws -> Int64 {
    try statement.execute(arguments: StatementArguments(values))
    return connection.lastInsertedRowID
  }
}

/// Gives every place of a run one row.
final class LocationWriter {
  private let writer: RowWriter
  private let runID: Int64
  private var ids: [SourceLocation: Int64] = [:]
  private var last: (location: SourceLocation, id: Int64)?

  init(_ connection: Database, runID: Int64) throws {
    writer = try RowWriter(
      connection, table: "locations", columns: ["run_id", "path", "line", "column"])
    self.runID = runID
  }

  func id(_ location: SourceLocation?) throws -> Int64? {
    guard let location else { return nil }
    if let id = ids[location] { return id }
    let id = try writer.insert([runID, location.path, location.line, location.column])
    ids[location] = id
    return id
  }

  /// The row of a place at which nothing but one certificate stands: it is not looked for again, and an
  /// inventory has a hundred thousand of them.
  func id(ofOwn location: SourceLocation) throws -> Int64 {
    if let last, last.location == location { return last.id }
    let id =
      try ids[location] ?? writer.insert([runID, location.path, location.line, location.column])
    last = (location, id)
    return id
  }
}

/// JSON text for columns.
enum JSONText {
  static func object(_ map: [String: String]) -> String {
    JSONValue.object(map.map { .init($0.key, .string($0.value)) }).canonicalText
  }

  static func array(_ values: [String]) -> String {
    JSONValue.array(values.map(JSONValue.string)).canonicalText
  }
}
