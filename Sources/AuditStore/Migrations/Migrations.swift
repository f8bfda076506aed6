import GRDB

/// The schema, as numbered migrations.
///
/// Additive, and never edited once released.
enum Migrations {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("001-first") { database in
      for statement in FirstMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("002-certificates") { database in
      for statement in CertificateMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("003-istio") { database in
      for statement in IstioMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("004-layers") { database in
      for statement in LayerMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("005-holders") { database in
      for statement in HolderMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("006-observations") { database in
      for statement in ObservationMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("007-usage") { database in
      for statement in UsageMigration.statements { try database.execute(sql: statement) }
    }
    migrator.registerMigration("008-counter-days") { database in
      for statement in CounterDayMigration.statements { try database.execute(sql: statement) }
    }
    return migrator
  }()
}
