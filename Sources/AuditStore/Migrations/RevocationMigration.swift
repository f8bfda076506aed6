/// 017: revocation lists and what they take back.
enum RevocationMigration {
  static let statements = [
    """
    create table revocation_lists (
      revocation_list_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      fingerprint text not null,
      issuer text not null,
      authority_key_id text,
      number text,
      this_update text,
      next_update text,
      signature text not null,
      is_delta integer not null,
      is_decisive integer not null,
      entry_count integer not null,
      location_id integer
    ) strict
    """,
    "create index revocation_lists_run on revocation_lists (run_id, issuer)",
    """
    create table revoked_serials (
      revocation_list_id integer not null
        references revocation_lists (revocation_list_id) on delete cascade,
      serial text not null,
      revoked_at text,
      reason text not null
    ) strict
    """,
    "create index revoked_serials_serial on revoked_serials (revocation_list_id, serial)",
  ]
}
