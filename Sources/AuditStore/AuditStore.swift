import GRDB

/// The database of an audit: one SQLite file for all runs.
///
/// Owns the connection. One process writes at a time; the pipeline holds the lock file. Closed when
/// released.
package final class AuditStore: Sendable {
  package let path: String
  let database: DatabaseQueue
  /// Opened with `init(reading:)`.
  package let isReadOnly: Bool

  /// Opens the file, creates it when it is missing, brings its schema up to date and clears what a
  /// killed run left behind.
  ///
  /// - Parameter isTemporary: the file goes with the run, so that no commit waits for the disk.
  package init(path: String, isTemporary: Bool = false) throws(StoreError) {
    self.path = path
    isReadOnly = false
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.label = "meshaudit"
      database = try DatabaseQueue(path: path, configuration: configuration)
      // Write-ahead logging lets rules read on their own connection while this one is open; a commit
      // is on disk when it returns.
      try database.writeWithoutTransaction { connection in
        _ = try String.fetchOne(connection, sql: "pragma journal_mode = wal")
        try connection.execute(sql: "pragma synchronous = \(isTemporary ? "off" : "full")")
      }
      if try database.read({ try Migrations.migrator.hasBeenSuperseded($0) }) {
        throw StoreError(
          .newerSchema,
          "the database \"\(path)\" was written by a newer meshaudit; use that version, or another file"
        )
      }
      try Migrations.migrator.migrate(database)
      try database.write { connection in
        try AuditStore.clearUnfinishedRuns(connection)
        try AuditStore.createViews(connection)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Opens a file of this version for reading while another process writes it: no schema is changed and
  /// nothing is cleared.
  package init(reading path: String) throws(StoreError) {
    self.path = path
    isReadOnly = true
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      configuration.label = "meshaudit"
      database = try DatabaseQueue(path: path, configuration: configuration)
      guard try database.read({ try Migrations.migrator.hasCompletedMigrations($0) }) else {
        throw StoreError(
          .locked, "the database \"\(path)\" is being set up by another run; try again later")
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Folds the write-ahead log into the file, so that the file alone is the database.
  package func checkpoint() throws(StoreError) {
    do {
      try database.writeWithoutTransaction { connection in
        _ = try connection.checkpoint(.truncate)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Runs `work` in one transaction and says in words what goes wrong.
  func write<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try database.write(work)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  func read<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try database.read(work)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// A run without an outcome was killed: the run before it becomes current again.
  private static func clearUnfinishedRuns(_ connection: Database) throws {
    try connection.execute(
      sql: """
        delete from current_run
        where run_id in (select run_id from runs where outcome is null)
        """)
    for table in runTables {
      try connection.execute(
        sql: """
          delete from "\(table)"
          where run_id in (select run_id from runs where outcome is null)
          """)
    }
    try connection.execute(sql: "delete from runs where outcome is null")
    try connection.execute(
      sql: """
        insert into current_run (singleton, run_id)
        select 1, run_id from runs where outcome is not null
        order by sequence desc limit 1
        on conflict (singleton) do nothing
        """)
  }

  /// Tables that hold the state of one run, children before parents.
  static let runTables = [
    "workload_registrations", "mesh_lints", "external_decisions", "metric_samples",
    "used_operations", "granted_operations", "redundant_rules", "access_changes",
    "replayed_requests",
    "findings", "waivers", "controls", "rules", "ai_system_documents", "interactions",
    "declared_documents", "ai_system_suppliers", "ai_system_stores", "ai_system_incidents",
    "ai_systems", "ai_registers",
    "private_keys", "revocation_lists", "jwt_svids", "trust_bundle_keys", "trust_sources",
    "certificates",
    "certificate_issuers", "spire_entries", "observed_decisions",
    "access_outcomes", "access_destinations", "access_sources", "policies", "identities",
    "workloads",
    "service_accounts", "services", "namespaces", "resources", "settings", "diagnostics",
    "locations", "inputs",
  ]

  private static func createViews(_ connection: Database) throws {
    let existing = try String.fetchAll(
      connection, sql: "select name from sqlite_master where type = 'view' order by name")
    for name in existing { try connection.execute(sql: "drop view \"\(name)\"") }
    for view in View.all { try connection.execute(sql: view.createSQL) }
  }
}
