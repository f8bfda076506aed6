/// 018: who may call the stop endpoints of AI systems.
enum StopPathMigration {
  static let statements = [
    """
    create table stop_paths (
      stop_path_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      system_id text not null,
      source_kind text not null,
      source text not null,
      principal text,
      workload_id integer,
      is_overseer integer not null,
      port integer not null,
      decision text not null,
      decided_by text,
      reason text
    ) strict
    """,
    "create index stop_paths_run on stop_paths (run_id)",
  ]
}
