/// 001: the tables of the first release.
///
/// Tables of a run's configuration and results carry `run_id` and go with their run. Tables of traffic
/// and of the lives of findings span runs.
enum FirstMigration {
  static let statements: [String] =
    runTables + configurationTables + accessTables + trafficTables
    + certificateTables + registerTables + resultTables

  static let runTables = [
    """
    create table runs (
      run_id integer primary key,
      run_key text not null,
      sequence integer not null,
      as_of text not null,
      started_at text not null,
      finished_at text,
      tool_version text not null,
      rules_digest text not null,
      cluster text not null,
      outcome text,
      exit_code integer,
      report blob
    ) strict
    """,
    """
    create table current_run (
      singleton integer primary key check (singleton = 1),
      run_id integer not null references runs (run_id)
    ) strict
    """,
    """
    create table inputs (
      input_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      path text not null,
      kind text not null,
      status text not null,
      reason text,
      sha256 text not null,
      blake3 text not null,
      byte_count integer not null,
      record_count integer not null,
      rejected_count integer not null,
      first_time text,
      last_time text
    ) strict
    """,
    """
    create table locations (
      location_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      path text not null,
      line integer not null,
      "column" integer not null
    ) strict
    """,
    """
    create table diagnostics (
      diagnostic_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      code text not null,
      severity text not null,
      message text not null,
      hint text,
      location_id integer references locations (location_id)
    ) strict
    """,
    "create index inputs_run on inputs (run_id)",
    "create index locations_run on locations (run_id)",
    "create index diagnostics_run on diagnostics (run_id)",
    "create index diagnostics_location on diagnostics (location_id)",
  ]

  static let configurationTables = [
    """
    create table settings (
      setting_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      layer text not null,
      name text not null,
      value text not null,
      is_default integer not null,
      location_id integer
    ) strict
    """,
    """
    create table resources (
      resource_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      api_group text not null,
      api_version text not null,
      kind text not null,
      namespace text not null,
      name text not null,
      labels text not null,
      annotations text not null,
      spec text not null,
      created_at text,
      is_incomplete integer not null,
      location_id integer
    ) strict
    """,
    """
    create table namespaces (
      namespace_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      name text not null,
      labels text not null,
      is_declared integer not null,
      location_id integer
    ) strict
    """,
    """
    create table services (
      service_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      namespace text not null,
      name text not null,
      type text not null,
      selector text not null,
      location_id integer
    ) strict
    """,
    """
    create table service_ports (
      service_port_id integer primary key,
      service_id integer not null references services (service_id) on delete cascade,
      name text,
      port integer not null,
      target_port text,
      app_protocol text,
      protocol text not null,
      location_id integer
    ) strict
    """,
    """
    create table service_accounts (
      service_account_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      namespace text not null,
      name text not null,
      is_declared integer not null,
      location_id integer
    ) strict
    """,
    """
    create table workloads (
      workload_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      cluster text not null,
      namespace text not null,
      name text not null,
      kind text not null,
      service_account text not null,
      identity text,
      layer text not null,
      dataplane text not null,
      dataplane_reason text not null,
      version text,
      application text,
      labels text not null,
      annotations text not null,
      replicas integer,
      uses_host_network integer not null,
      location_id integer
    ) strict
    """,
    """
    create table workload_ports (
      workload_port_id integer primary key,
      workload_id integer not null references workloads (workload_id) on delete cascade,
      port integer not null,
      name text,
      protocol text,
      mtls_mode text not null,
      mtls_decided_by text not null,
      location_id integer
    ) strict
    """,
    """
    create table workload_containers (
      workload_container_id integer primary key,
      workload_id integer not null references workloads (workload_id) on delete cascade,
      name text not null,
      image text not null,
      run_as_user integer,
      is_init integer not null,
      location_id integer
    ) strict
    """,
    """
    create table workload_telemetry_facts (
      workload_id integer primary key references workloads (workload_id) on delete cascade,
      has_access_log integer,
      access_log_encoding text,
      access_log_format text,
      access_log_filter text,
      access_log_decided_by text not null,
      logs_peer_identity integer,
      logs_request_path integer,
      has_tracing integer,
      tracing_sampling real,
      location_id integer
    ) strict
    """,
    "create index settings_run on settings (run_id)",
    "create index resources_run on resources (run_id, kind)",
    "create index namespaces_run on namespaces (run_id, name)",
    "create index services_run on services (run_id, namespace, name)",
    "create index service_ports_service on service_ports (service_id)",
    "create index service_accounts_run on service_accounts (run_id, namespace, name)",
    "create index workloads_run on workloads (run_id, namespace, name)",
    "create index workloads_identity on workloads (run_id, identity)",
    "create index workload_ports_workload on workload_ports (workload_id)",
    "create index workload_containers_workload on workload_containers (workload_id)",
  ]

  static let accessTables = [
    """
    create table identities (
      identity_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      principal text not null,
      trust_domain text,
      namespace text,
      service_account text
    ) strict
    """,
    """
    create table policies (
      policy_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      layer text not null,
      kind text not null,
      namespace text not null,
      name text not null,
      action text not null,
      scope text not null,
      is_dry_run integer not null,
      provider text,
      resource_id integer references resources (resource_id),
      location_id integer
    ) strict
    """,
    """
    create table policy_workloads (
      policy_id integer not null references policies (policy_id) on delete cascade,
      workload_id integer not null references workloads (workload_id) on delete cascade,
      primary key (policy_id, workload_id)
    ) strict, without rowid
    """,
    """
    create table policy_rules (
      policy_rule_id integer primary key,
      policy_id integer not null references policies (policy_id) on delete cascade,
      rule_index integer not null,
      reported_id text,
      source_count integer not null,
      operation_count integer not null,
      condition_count integer not null,
      conditions text not null,
      location_id integer
    ) strict
    """,
    """
    create table policy_clauses (
      policy_rule_id integer not null references policy_rules (policy_rule_id) on delete cascade,
      part text not null,
      clause_index integer not null,
      subject text not null,
      ports text not null,
      methods text not null,
      paths text not null,
      hosts text not null,
      primary key (policy_rule_id, part, clause_index)
    ) strict, without rowid
    """,
    """
    create table policy_terms (
      policy_term_id integer primary key,
      policy_rule_id integer not null references policy_rules (policy_rule_id) on delete cascade,
      part text not null,
      clause_index integer not null,
      kind text not null,
      value text not null,
      is_negated integer not null,
      location_id integer
    ) strict
    """,
    """
    create table access_sources (
      source_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      class_id integer not null,
      kind text not null,
      name text not null,
      principal text,
      workload_id integer references workloads (workload_id)
    ) strict
    """,
    """
    create table access_destinations (
      destination_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      class_id integer not null,
      workload_id integer not null references workloads (workload_id),
      port integer not null
    ) strict
    """,
    """
    create table access_edges (
      edge_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      source_class_id integer not null,
      destination_class_id integer not null,
      decision text not null,
      layer text not null,
      operations text not null,
      decided_by text not null,
      reason text
    ) strict
    """,
    "create index identities_run on identities (run_id, principal)",
    "create index policies_run on policies (run_id)",
    "create index policies_resource on policies (resource_id)",
    "create index policy_workloads_workload on policy_workloads (workload_id)",
    "create index policy_rules_policy on policy_rules (policy_id)",
    "create index policy_terms_rule on policy_terms (policy_rule_id, part, clause_index)",
    "create index access_sources_class on access_sources (run_id, class_id)",
    "create index access_sources_class_only on access_sources (class_id)",
    "create index access_sources_workload on access_sources (workload_id)",
    "create index access_destinations_run on access_destinations (run_id)",
    "create index access_destinations_class on access_destinations (class_id)",
    "create index access_destinations_workload on access_destinations (workload_id)",
    "create index access_edges_run on access_edges (run_id)",
    "create index access_edges_destination on access_edges (destination_class_id)",
  ]
}
