/// 005: whose certificate each is, and where its revocation can be asked for.
enum HolderMigration {
  static let statements = [
    "alter table certificates add column name text",
    "create index certificates_name on certificates (run_id, name)",
    """
    create table certificate_revocation_sources (
      certificate_id integer not null references certificates (certificate_id) on delete cascade,
      kind text not null,
      address text not null
    ) strict
    """,
    """
    create index certificate_revocation_sources_certificate
      on certificate_revocation_sources (certificate_id)
    """,
  ]
}
