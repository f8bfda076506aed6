import GRDBSQLite

/// Decides, while SQLite compiles a statement, what it may touch: documented views and listed functions.
///
/// SQLite asks once for each table column, function and statement kind
/// (https://www.sqlite.org/c3ref/set_authorizer.html). Everything that is not named here is denied.
final class RuleAuthorizer {
  enum Mode {
    /// Notes what each view reads; nothing is denied. Only our own statements run in this mode.
    case learning(view: String)
    case enforcing
  }

  var mode: Mode = .enforcing
  /// Why the last statement was refused.
  private(set) var refusal: String?
  /// The documented views of which the last statement reads a column.
  private(set) var viewsRead: Set<String> = []
  private let views: [String: Set<String>]
  private(set) var footprints: ViewFootprints
  private var expressions: Set<String> = []

  /// - Parameter footprints: what other connections to the same schema have learned.
  init(views: [String: Set<String>], footprints: ViewFootprints = ViewFootprints()) {
    self.views = views
    self.footprints = footprints
  }

  /// - Parameter expressions: names of the statement's common table expressions.
  func startStatement(expressions: Set<String>) {
    self.expressions = expressions
    refusal = nil
    viewsRead = []
  }

  func answer(action: Int32, _ first: String, _ second: String, inner: String) -> Int32 {
    if case .learning(let view) = mode {
      if action == SQLITE_READ, views[first] == nil {
        footprints.add(column: second, of: first, to: view)
      }
      return SQLITE_OK
    }
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE:
      return SQLITE_OK
    case SQLITE_READ:
      return answerRead(table: first, column: second, inner: inner)
    case SQLITE_FUNCTION:
      if RuleFunctions.allowed.contains(second.lowercased()) { return SQLITE_OK }
      return refuse("calls the function \"\(second)\"")
    default:
      return refuse("does more than read (action \(action) of SQLite's authorizer)")
    }
  }

  private func answerRead(table: String, column: String, inner: String) -> Int32 {
    if let columns = views[table] {
      viewsRead.insert(table)
      if column.isEmpty || columns.contains(column) { return SQLITE_OK }
      return refuse("reads the column \"\(column)\" of \"\(table)\", which is not documented")
    }
    if RuleFunctions.tables.contains(table) { return SQLITE_OK }
    if footprints.has(column: column, of: table, behind: inner) { return SQLITE_OK }
    if column.isEmpty {
      // `count(*)` names the table with no column and without the view; a common table expression
      // comes with its own name, a subquery with a name in parentheses or none.
      let isOwn = table.isEmpty || table.hasPrefix("(") || expressions.contains(table.lowercased())
      if footprints.tables.contains(table) || isOwn { return SQLITE_OK }
    }
    return refuse("reads \"\(table)\", which is not a documented view")
  }

  private func refuse(_ what: String) -> Int32 {
    if refusal == nil { refusal = what }
    return SQLITE_DENY
  }
}
