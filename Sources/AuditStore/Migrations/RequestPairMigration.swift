/// 015: requests whose lines of both sides are counted, and how far lines were joined.
enum RequestPairMigration {
  static let statements = [
    "alter table observed_requests add column paired_count integer not null default 0",
    """
    create table pair_counts (
      run_id integer primary key references runs (run_id) on delete cascade,
      server_line_count integer not null,
      client_line_count integer not null,
      joined_count integer not null,
      ambiguous_line_count integer not null,
      contradicted_count integer not null,
      unknown_caller_count integer not null,
      server_only_count integer not null,
      client_only_count integer not null,
      not_kept_line_count integer not null
    ) strict
    """,
  ]
}
