/// 003: what Istio's resources mean beyond who may call whom.
enum IstioMigration {
  static let statements = [
    """
    create table policy_divergences (
      policy_divergence_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      kind text not null,
      namespace text not null,
      name text not null,
      rule_index integer,
      difference text not null,
      effect text not null,
      explanation text not null,
      ambient_workloads text not null,
      ambient_workload_count integer not null,
      location_id integer
    ) strict
    """,
    "create index policy_divergences_run on policy_divergences (run_id)",
    """
    create table client_tls_facts (
      client_tls_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      client_namespace text not null,
      client_workload_id integer references workloads (workload_id) on delete cascade,
      server_workload_id integer not null references workloads (workload_id) on delete cascade,
      port integer not null,
      subset text,
      outcome text not null,
      traps text not null,
      decided_by text not null,
      location_id integer
    ) strict
    """,
    "create index client_tls_facts_run on client_tls_facts (run_id)",
    "create index client_tls_facts_client on client_tls_facts (client_workload_id)",
    "create index client_tls_facts_server on client_tls_facts (server_workload_id)",
    """
    create table workload_egress_facts (
      workload_id integer primary key references workloads (workload_id) on delete cascade,
      mode text,
      decided_by text not null,
      visible_hosts text not null,
      sees_everything integer not null,
      location_id integer
    ) strict
    """,
    """
    create table request_authentication_facts (
      workload_id integer not null references workloads (workload_id) on delete cascade,
      namespace text not null,
      name text not null,
      issuers text not null,
      issuer_count integer not null,
      is_token_required integer not null,
      is_enforced integer not null,
      location_id integer,
      primary key (workload_id, namespace, name)
    ) strict, without rowid
    """,
    """
    create table gateway_server_facts (
      gateway_server_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      namespace text not null,
      name text not null,
      position integer not null,
      port integer not null,
      protocol text not null,
      hosts text not null,
      tls_mode text,
      minimum_protocol_version text,
      redirects_to_https integer not null,
      credential_names text not null,
      location_id integer
    ) strict
    """,
    "create index gateway_server_facts_run on gateway_server_facts (run_id)",
    """
    create table gateway_server_workloads (
      gateway_server_id integer not null
        references gateway_server_facts (gateway_server_id) on delete cascade,
      workload_id integer not null references workloads (workload_id) on delete cascade,
      primary key (gateway_server_id, workload_id)
    ) strict, without rowid
    """,
    "create index gateway_server_workloads_workload on gateway_server_workloads (workload_id)",
    """
    create table external_service_facts (
      external_service_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      namespace text not null,
      name text not null,
      host text not null,
      mesh_location text not null,
      resolution text not null,
      ports text not null,
      export_to text not null,
      is_export_written integer not null,
      location_id integer
    ) strict
    """,
    "create index external_service_facts_run on external_service_facts (run_id)",
    """
    create table extension_provider_facts (
      extension_provider_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      name text not null,
      kind text,
      service text,
      port integer,
      fails_open integer not null,
      timeout text,
      location_id integer
    ) strict
    """,
    "create index extension_provider_facts_run on extension_provider_facts (run_id)",
  ]
}
