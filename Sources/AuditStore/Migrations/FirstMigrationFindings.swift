/// The tables of the first release for traffic, certificates, the register and results.
extension FirstMigration {
  static let trafficTables = [
    """
    create table observed_requests (
      observed_request_id integer primary key,
      day text not null,
      side text not null,
      source_principal text not null,
      source_namespace text not null,
      source_name text not null,
      source_host text not null,
      destination_principal text not null,
      destination_namespace text not null,
      destination_name text not null,
      destination_host text not null,
      port integer not null,
      protocol text not null,
      method text not null,
      path_template text not null,
      response_class text not null,
      outcome text not null,
      denied_by text not null,
      identity_source text not null,
      is_identity_verified integer not null,
      is_path_trusted integer not null,
      is_mtls integer,
      format text not null,
      request_count integer not null,
      first_seen text not null,
      last_seen text not null,
      bytes_received integer not null,
      bytes_sent integer not null,
      latency_buckets text not null
    ) strict
    """,
    """
    create unique index observed_requests_key on observed_requests (
      day, destination_namespace, destination_name, port, source_principal, source_namespace,
      source_name, source_host, destination_principal, destination_host, side, protocol, method,
      path_template, response_class, outcome, denied_by, identity_source, is_path_trusted,
      coalesce(is_mtls, -1), format
    )
    """,
    """
    create table ingested_contents (
      content_digest text primary key,
      byte_count integer not null,
      path text not null
    ) strict, without rowid
    """,
    """
    create table observed_decisions (
      observed_request_id integer not null
        references observed_requests (observed_request_id) on delete cascade,
      run_id integer not null references runs (run_id) on delete cascade,
      decision text not null,
      decided_by text,
      reason text,
      layer text not null,
      primary key (observed_request_id, run_id)
    ) strict, without rowid
    """,
    "create index observed_decisions_run on observed_decisions (run_id)",
    """
    create index observed_requests_destination on observed_requests (
      destination_namespace, destination_name
    )
    """,
  ]

  static let certificateTables = [
    """
    create table certificates (
      certificate_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      fingerprint text not null,
      public_key_fingerprint text,
      subject text,
      issuer text,
      serial text,
      not_before text,
      not_after text,
      lifetime_seconds integer,
      key_algorithm text,
      key_bits integer,
      curve text,
      signature_algorithm text,
      role text not null,
      is_ca integer,
      spiffe_id text,
      trust_domain text,
      uri_name_count integer not null,
      key_usages text,
      extended_key_usages text,
      anomalies text not null,
      parse_status text not null,
      source text not null,
      location_id integer
    ) strict
    """,
    """
    create table certificate_names (
      certificate_id integer not null references certificates (certificate_id) on delete cascade,
      kind text not null,
      value text not null
    ) strict
    """,
    """
    create table private_keys (
      private_key_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      format text not null,
      is_encrypted integer not null,
      location_id integer
    ) strict
    """,
    "create index certificates_run on certificates (run_id, fingerprint)",
    "create index certificate_names_certificate on certificate_names (certificate_id)",
    "create index private_keys_run on private_keys (run_id)",
  ]

  static let registerTables = [
    """
    create table ai_systems (
      run_id integer not null references runs (run_id) on delete cascade,
      system_id text not null,
      trade_name text not null,
      status text not null,
      risk_class text not null,
      route text,
      point text,
      roles text not null,
      owner text,
      log_retention_days integer,
      log_retention_legal_basis text,
      log_controller text,
      log_sink text,
      oversight_person_count integer not null,
      oversight_principals text not null,
      entry text not null,
      location_id integer,
      primary key (run_id, system_id)
    ) strict, without rowid
    """,
    """
    create table ai_system_workloads (
      system_id text not null,
      workload_id integer not null references workloads (workload_id) on delete cascade,
      kind text,
      primary key (system_id, workload_id)
    ) strict, without rowid
    """,
    """
    create table interactions (
      interaction_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      system_id text not null,
      peer text,
      external text,
      direction text not null,
      purpose text,
      supplier text,
      location_id integer
    ) strict
    """,
    """
    create table ai_system_documents (
      run_id integer not null references runs (run_id) on delete cascade,
      system_id text not null,
      name text not null,
      uri text,
      sha256 text,
      reason text,
      primary key (run_id, system_id, name)
    ) strict, without rowid
    """,
    "create index ai_system_workloads_workload on ai_system_workloads (workload_id)",
    "create index interactions_run on interactions (run_id, system_id)",
  ]

  static let resultTables = [
    """
    create table rules (
      run_id integer not null references runs (run_id) on delete cascade,
      rule_id text not null,
      pack text not null,
      title text not null,
      severity text not null,
      confidence text not null,
      primary key (run_id, rule_id)
    ) strict, without rowid
    """,
    """
    create table controls (
      run_id integer not null references runs (run_id) on delete cascade,
      framework_id text not null,
      control_id text not null,
      label text not null,
      title text not null,
      rule_id text not null,
      effects text not null,
      primary key (run_id, framework_id, control_id, rule_id)
    ) strict, without rowid
    """,
    """
    create table findings (
      finding_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      rule_id text not null,
      subject text not null,
      discriminator text not null,
      status text not null,
      severity text not null,
      message text not null,
      fingerprint text not null,
      waiver_id text,
      first_seen text,
      is_new integer,
      evidence text not null,
      location_id integer
    ) strict
    """,
    """
    create table finding_lives (
      fingerprint text primary key,
      rule_id text not null,
      subject text not null,
      first_seen text not null,
      last_seen text not null,
      resolved_at text
    ) strict, without rowid
    """,
    """
    create table run_counts (
      run_id integer not null references runs (run_id) on delete cascade,
      severity text not null,
      fail_count integer not null,
      primary key (run_id, severity)
    ) strict, without rowid
    """,
    """
    create table waivers (
      run_id integer not null references runs (run_id) on delete cascade,
      waiver_id text not null,
      rules text not null,
      subject text,
      owner text not null,
      created text not null,
      expires text not null,
      location_id integer,
      primary key (run_id, waiver_id)
    ) strict, without rowid
    """,
    "create index findings_run on findings (run_id, rule_id)",
    "create index findings_waiver on findings (run_id, waiver_id)",
  ]
}
