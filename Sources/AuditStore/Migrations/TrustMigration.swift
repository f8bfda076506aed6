/// 013: what makes a mesh trust keys, and the tokens that were met.
enum TrustMigration {
  static let statements = [
    """
    create table trust_sources (
      trust_source_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      resource_kind text not null,
      resource_name text not null,
      kind text not null,
      source_name text,
      source_key text,
      trust_domain text,
      endpoint_url text,
      endpoint_profile text,
      endpoint_spiffe_id text,
      target text,
      location_id integer
    ) strict
    """,
    "create index trust_sources_run on trust_sources (run_id)",
    """
    create table trust_bundle_keys (
      trust_bundle_key_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      trust_domain text,
      purpose text,
      key_id text,
      key_type text,
      certificate_count integer not null,
      position integer not null,
      defects text not null,
      location_id integer
    ) strict
    """,
    "create index trust_bundle_keys_run on trust_bundle_keys (run_id)",
    """
    create table jwt_svids (
      jwt_svid_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      subject text,
      spiffe_id text,
      trust_domain text,
      algorithm text,
      key_id text,
      audiences text not null,
      issued_at text,
      expires_at text,
      failures text not null,
      location_id integer
    ) strict
    """,
    "create index jwt_svids_run on jwt_svids (run_id)",
  ]
}
