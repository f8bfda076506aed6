/// 012: what becomes of records: logs that came again otherwise, where logs go and who may change what is
/// kept there, what is logged of calls that a workload makes, request ids, and earlier evidence.
enum RecordMigration {
  static let statements = [
    "alter table ingested_contents add column head text not null default ''",
    "alter table ingested_contents add column counted_at text",
    "create index ingested_contents_head on ingested_contents (head)",
    "alter table inputs add column continuity text",
    "alter table inputs add column earlier_path text",
    "alter table inputs add column earlier_byte_count integer",
    "alter table inputs add column earlier_counted_at text",
    "alter table workload_telemetry_facts add column access_log_sink text",
    "alter table workload_telemetry_facts add column has_client_log integer",
    "alter table workload_telemetry_facts add column client_log_filter text",
    "alter table workload_telemetry_facts add column client_log_decided_by text",
    """
    create table evidence_runs (
      evidence_run_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      attested_run text,
      sequence integer,
      as_of text,
      signature text not null,
      problem_count integer not null,
      problems text not null,
      location_id integer
    ) strict
    """,
    "create index evidence_runs_run on evidence_runs (run_id)",
    """
    create table log_sinks (
      log_sink_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      collector text not null,
      namespace text not null,
      name text not null,
      kind text not null,
      address text,
      is_in_cluster integer,
      service_namespace text,
      service_name text,
      location_id integer
    ) strict
    """,
    "create index log_sinks_run on log_sinks (run_id)",
    """
    create table role_grants (
      role_grant_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      account_namespace text not null,
      account_name text not null,
      scope text not null,
      api_group text not null,
      resource text not null,
      resource_name text,
      verb text not null,
      role text not null,
      binding text not null,
      location_id integer
    ) strict
    """,
    "create index role_grants_account on role_grants (run_id, account_namespace, account_name)",
  ]
}
