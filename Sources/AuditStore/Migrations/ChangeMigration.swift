/// 010: what a change does to access and to observed requests, in the database of a gate.
enum ChangeMigration {
  static let statements = [
    """
    create table access_changes (
      access_change_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      kind text not null,
      source text not null,
      destination text not null,
      sources text not null,
      destinations text not null,
      is_unauthenticated integer not null,
      opened text not null,
      closed text not null,
      before text not null,
      after text not null,
      cause text,
      location_id integer
    ) strict
    """,
    """
    create table replayed_requests (
      replayed_request_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      effect text not null,
      source text not null,
      destination text not null,
      operation text not null,
      request_count integer not null,
      first_seen text not null,
      last_seen text not null,
      before text not null,
      after text not null,
      cause text,
      location_id integer
    ) strict
    """,
    "create index access_changes_run on access_changes (run_id)",
    "create index replayed_requests_run on replayed_requests (run_id)",
  ]
}
