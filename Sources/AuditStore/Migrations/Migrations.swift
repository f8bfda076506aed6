import GRDB

/// The schema, as numbered migrations.
///
/// Additive, and never edited once released.
enum Migrations {
  private static let steps: [(name: String, statements: [String])] = [
    ("001-first", FirstMigration.statements),
    ("002-certificates", CertificateMigration.statements),
    ("003-istio", IstioMigration.statements),
    ("004-layers", LayerMigration.statements),
    ("005-holders", HolderMigration.statements),
    ("006-observations", ObservationMigration.statements),
    ("007-usage", UsageMigration.statements),
    ("008-counter-days", CounterDayMigration.statements),
    ("009-access-pairs", AccessPairMigration.statements),
    ("010-changes", ChangeMigration.statements),
    ("011-registrations", RegistrationMigration.statements),
    ("012-records", RecordMigration.statements),
    ("013-trust", TrustMigration.statements),
    ("014-report-parts", ReportPartMigration.statements),
    ("015-request-pairs", RequestPairMigration.statements),
    ("016-register", RegisterMigration.statements),
    ("017-revocation", RevocationMigration.statements),
    ("018-stop-paths", StopPathMigration.statements),
  ]

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    for step in steps {
      migrator.registerMigration(step.name) { database in
        for statement in step.statements { try database.execute(sql: statement) }
      }
    }
    return migrator
  }()
}
