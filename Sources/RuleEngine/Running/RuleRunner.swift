import CSQLiteShim
import GRDBSQLite
package import MeshModel

/// Runs the SQL of rules on a connection of its own that can do nothing but read documented views.
///
/// Rule packs may come from anywhere. The connection is read-only, without extensions, with SQLite's
/// limits set low; an authorizer denies every table, function and statement that is not listed; a progress
/// handler stops at the time limit. Prepared once for each statement, so each gets the full check.
///
/// Not sendable: one runner, one thread. Closes its connection when it goes.
package final class RuleRunner {
  private let connection: OpaquePointer
  private let authorizer: RuleAuthorizer
  private let deadline = Deadline()
  private let limits: RuleLimits
  private let viewNames: Set<String>

  /// - Parameters:
  ///   - databasePath: the file that the store has written.
  ///   - views: documented views with their columns.
  ///   - footprints: those of another runner of the same database and views.
  package init(
    databasePath: String, views: [String: Set<String>], limits: RuleLimits = .standard,
    footprints: ViewFootprints? = nil
  ) throws(RuleEngineError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
    let code = sqlite3_open_v2(databasePath, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let reason = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw RuleEngineError(.cannotOpen, "cannot open the database for rules: \(reason)")
    }
    connection = opened
    authorizer = RuleAuthorizer(views: views, footprints: footprints ?? ViewFootprints())
    viewNames = Set(views.keys)
    self.limits = limits
    try prepareConnection(learning: footprints == nil ? views.keys.sorted() : [])
  }

  deinit { sqlite3_close_v2(connection) }

  /// What the views stand on, for further runners.
  package var footprints: ViewFootprints { authorizer.footprints }

  /// Runs one SELECT with bound parameters, by name without their colon.
  ///
  /// Every parameter of the statement must be given; lists and objects are bound as JSON text.
  package func rows(
    _ sql: String, parameters: [String: JSONValue] = [:]
  ) throws(RuleEngineError) -> SQLRows {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    let viewsRead = authorizer.viewsRead.sorted()
    try bind(parameters, to: statement)
    let columns = (0..<sqlite3_column_count(statement)).map {
      String(cString: sqlite3_column_name(statement, $0))
    }
    var result = SQLRows(columns: columns, rows: [], isTruncated: false, viewsRead: viewsRead)
    deadline.start(limits.time)
    defer { deadline.stop() }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return result }
      guard code == SQLITE_ROW else { throw failure(code) }
      if result.rows.count == limits.rowCount {
        result.isTruncated = true
        return result
      }
      result.rows.append(
        (0..<Int32(columns.count)).map { RuleRunner.value(statement, $0) })
    }
  }

  /// Compiles a statement without running it: its columns, parameters and the views it reads.
  package func inspect(
    _ sql: String
  ) throws(RuleEngineError) -> (columns: [String], parameters: [String], viewsRead: [String]) {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    let columns = (0..<sqlite3_column_count(statement)).map {
      String(cString: sqlite3_column_name(statement, $0))
    }
    return (columns, try parameterNames(statement), authorizer.viewsRead.sorted())
  }

  // MARK: - Opening

  private func prepareConnection(learning views: [String]) throws(RuleEngineError) {
    // A cap for the whole process, set once and never raised.
    if sqlite3_hard_heap_limit64(-1) == 0 { sqlite3_hard_heap_limit64(512 << 20) }
    sqlite3_busy_timeout(connection, 5_000)
    for code in [
      meshaudit_sqlite_lock_down(connection),
      TimeFunctions.register(on: connection),
      sqlite3_exec(connection, "pragma query_only = 1", nil, nil, nil),
      // Their first use enters them into the schema in memory, which the authorizer would deny.
      sqlite3_exec(connection, "select * from json_each('[]')", nil, nil, nil),
      sqlite3_exec(connection, "select * from json_tree('[]')", nil, nil, nil),
    ] where code != SQLITE_OK {
      throw RuleEngineError(.cannotOpen, "cannot lock the database down: \(message)")
    }
    setLimits()
    installAuthorizer()
    for view in views { try learn(view) }
    authorizer.mode = .enforcing
    installProgressHandler()
  }

  private func setLimits() {
    // https://www.sqlite.org/c3ref/c_limit_attached.html
    for (limit, value) in [
      (SQLITE_LIMIT_LENGTH, Int32(clamping: limits.valueByteCount)),
      (SQLITE_LIMIT_SQL_LENGTH, Int32(clamping: limits.sqlByteCount)),
      (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_EXPR_DEPTH, 200),
      (SQLITE_LIMIT_COMPOUND_SELECT, 50), (SQLITE_LIMIT_VDBE_OP, 100_000),
      (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100), (SQLITE_LIMIT_VARIABLE_NUMBER, 100),
      (SQLITE_LIMIT_FUNCTION_ARG, 100), (SQLITE_LIMIT_TRIGGER_DEPTH, 1),
      (SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
      sqlite3_limit(connection, limit, value)
    }
  }

  /// Compiles one pass over a view to learn which columns of which tables it stands on.
  private func learn(_ view: String) throws(RuleEngineError) {
    authorizer.mode = .learning(view: view)
    let name = view.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    for sql in ["select * from \"\(name)\"", "select count(*) from \"\(name)\""] {
      var statement: OpaquePointer?
      let code = sqlite3_prepare_v2(connection, sql, -1, &statement, nil)
      sqlite3_finalize(statement)
      guard code == SQLITE_OK else {
        throw RuleEngineError(.cannotOpen, "cannot read the view \"\(view)\": \(message)")
      }
    }
  }

  private func installAuthorizer() {
    let context = Unmanaged.passUnretained(authorizer).toOpaque()
    sqlite3_set_authorizer(
      connection,
      { context, action, first, second, _, inner in
        guard let context else { return SQLITE_DENY }
        let authorizer = Unmanaged<RuleAuthorizer>.fromOpaque(context).takeUnretainedValue()
        return authorizer.answer(
          action: action, first.map { String(cString: $0) } ?? "",
          second.map { String(cString: $0) } ?? "",
          inner: inner.map { String(cString: $0) } ?? "")
      }, context)
  }

  private func installProgressHandler() {
    let context = Unmanaged.passUnretained(deadline).toOpaque()
    sqlite3_progress_handler(
      connection, 1_000,
      { context in
        guard let context else { return 1 }
        return Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().hasPassed ? 1 : 0
      }, context)
  }

  // MARK: - Statements

  private func prepare(_ sql: String) throws(RuleEngineError) -> OpaquePointer {
    let words = SQLWords(sql)
    authorizer.startStatement(expressions: words.tableExpressions)
    let bytes = Array(sql.utf8)
    guard !bytes.contains(0) else {
      throw RuleEngineError(.invalidSQL, "the statement contains a NUL character")
    }
    guard bytes.count <= limits.sqlByteCount else {
      throw RuleEngineError(
        .tooLarge, "the statement has \(bytes.count) bytes, at most \(limits.sqlByteCount) may be")
    }
    if let name = words.definesTable(in: viewNames) {
      throw RuleEngineError(
        .notAllowed, "the statement gives the name of the view \"\(name)\" to something else")
    }
    var statement: OpaquePointer?
    var hasMore = false
    deadline.start(limits.time)
    let code = sql.withCString { start in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v2(connection, start, -1, &statement, &tail)
      if code == SQLITE_OK, let tail { hasMore = !SQLWords(String(cString: tail)).words.isEmpty }
      return code
    }
    deadline.stop()
    guard code == SQLITE_OK else {
      sqlite3_finalize(statement)
      if let refusal = authorizer.refusal {
        throw RuleEngineError(.notAllowed, "the statement \(refusal)")
      }
      throw code == SQLITE_ERROR ? RuleEngineError(.invalidSQL, message) : failure(code)
    }
    guard let statement else {
      throw RuleEngineError(.invalidSQL, "there is no statement")
    }
    guard !hasMore, sqlite3_stmt_readonly(statement) != 0, sqlite3_column_count(statement) > 0
    else {
      sqlite3_finalize(statement)
      throw RuleEngineError(
        .notAllowed, hasMore ? "there is more than one statement" : "the statement is no SELECT")
    }
    return statement
  }

  private func parameterNames(_ statement: OpaquePointer) throws(RuleEngineError) -> [String] {
    var names: [String] = []
    for index in 0..<sqlite3_bind_parameter_count(statement) {
      guard let name = sqlite3_bind_parameter_name(statement, index + 1) else {
        throw RuleEngineError(.parameter, "parameter \(index + 1) of the statement has no name")
      }
      names.append(String(String(cString: name).dropFirst()))
    }
    return names
  }

  private func bind(
    _ parameters: [String: JSONValue], to statement: OpaquePointer
  ) throws(RuleEngineError) {
    for (index, name) in try parameterNames(statement).enumerated() {
      guard let value = parameters[name] else {
        throw RuleEngineError(.parameter, "no value for the parameter \":\(name)\"")
      }
      let position = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(statement, position)
        case .bool(let flag): sqlite3_bind_int64(statement, position, flag ? 1 : 0)
        case .int(let number): sqlite3_bind_int64(statement, position, number)
        case .double(let number): sqlite3_bind_double(statement, position, number)
        case .string(let text): sqlite3_bind_text(statement, position, text, -1, transient)
        case .array, .object:
          sqlite3_bind_text(statement, position, value.canonicalText, -1, transient)
        }
      guard code == SQLITE_OK else { throw failure(code) }
    }
  }

  private static func value(_ statement: OpaquePointer?, _ column: Int32) -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      guard let start = sqlite3_column_text(statement, column) else { return .null }
      let count = Int(sqlite3_column_bytes(statement, column))
      return .text(
        String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB: return .blob
    default: return .null
    }
  }

  private var message: String { String(cString: sqlite3_errmsg(connection)) }

  private func failure(_ code: Int32) -> RuleEngineError {
    switch code & 0xFF {
    case SQLITE_INTERRUPT where deadline.hasPassed:
      RuleEngineError(.tooSlow, "stopped after \(limits.time.components.seconds) s")
    case SQLITE_TOOBIG, SQLITE_NOMEM, SQLITE_FULL: RuleEngineError(.tooLarge, message)
    case SQLITE_AUTH: RuleEngineError(.notAllowed, message)
    case SQLITE_READONLY, SQLITE_PERM: RuleEngineError(.notAllowed, message)
    default: RuleEngineError(.failed, message)
    }
  }
}

/// The moment at which the running statement must stop.
private final class Deadline {
  private var end: ContinuousClock.Instant?

  func start(_ limit: Duration) { end = .now.advanced(by: limit) }
  func stop() { end = nil }

  var hasPassed: Bool { end.map { ContinuousClock.now >= $0 } ?? false }
}
