/// 007: what rules grant operation by operation, what of it was used, and which rules are redundant.
enum UsageMigration {
  static let statements = [
    "alter table observed_decisions add column granted_by text",
    """
    create table granted_operations (
      granted_operation_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      policy_rule_id integer not null,
      workload_id integer not null,
      port integer not null,
      method text,
      path text
    ) strict
    """,
    "create index granted_operations_run on granted_operations (run_id)",
    """
    create table used_operations (
      run_id integer not null references runs (run_id) on delete cascade,
      granted_operation_id integer not null,
      observed_request_id integer not null,
      primary key (run_id, granted_operation_id, observed_request_id)
    ) strict, without rowid
    """,
    """
    create table redundant_rules (
      run_id integer not null references runs (run_id) on delete cascade,
      policy_rule_id integer not null,
      covering_policy_rule_id integer not null,
      primary key (run_id, policy_rule_id)
    ) strict, without rowid
    """,
  ]
}
