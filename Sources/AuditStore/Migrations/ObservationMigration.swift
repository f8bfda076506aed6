/// 006: which evidence shows a call, when proxies logged, counters, metrics, and chains of calls.
///
/// All but the samples of metrics spans runs, as traffic does.
enum ObservationMigration {
  static let statements = [
    "alter table observed_requests add column evidence text not null default 'log'",
    """
    create table log_hours (
      day text not null,
      day_number integer not null,
      namespace text not null,
      name text not null,
      hours integer not null,
      first_seen text not null,
      last_seen text not null,
      primary key (namespace, name, day)
    ) strict, without rowid
    """,
    """
    create table counter_states (
      identity text primary key,
      value real not null,
      time text not null
    ) strict, without rowid
    """,
    """
    create table metric_samples (
      metric_sample_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      metric text not null,
      kind text not null,
      namespace text,
      name text,
      instance text not null,
      side text,
      sample_count integer not null,
      minimum real,
      maximum real,
      last_value real,
      p50 real,
      p95 real,
      p99 real,
      first_time text not null,
      last_time text not null,
      location_id integer
    ) strict
    """,
    "create index metric_samples_run on metric_samples (run_id, metric)",
    """
    create table call_chains (
      call_chain_id integer primary key,
      day text not null,
      hops text not null,
      hop_count integer not null,
      source_namespace text not null,
      source_name text not null,
      source_host text not null,
      destination_namespace text not null,
      destination_name text not null,
      destination_host text not null,
      call_count integer not null,
      first_seen text not null,
      last_seen text not null
    ) strict
    """,
    "create unique index call_chains_key on call_chains (day, hops)",
    """
    create table traced_workloads (
      day text not null,
      namespace text not null,
      name text not null,
      span_count integer not null,
      agent_span_count integer not null,
      primary key (namespace, name, day)
    ) strict, without rowid
    """,
    """
    create table counted_traces (
      trace text primary key,
      day text not null
    ) strict, without rowid
    """,
    """
    create index observed_requests_evidence on observed_requests (
      destination_namespace, destination_name, day, evidence
    )
    """,
  ]
}
