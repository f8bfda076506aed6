/// 002: more of each certificate, where it was met, its chain, who issues, and certificates over time.
enum CertificateMigration {
  static let statements = [
    "alter table certificates add column identity text",
    "alter table certificates add column svid_profile text",
    "alter table certificates add column svid_failures text",
    "alter table certificates add column svid_unknown text",
    "alter table certificates add column signature_digest text",
    "alter table certificates add column subject_key_id text",
    "alter table certificates add column authority_key_id text",
    "alter table certificates add column is_self_issued integer",
    "alter table certificates add column path_length integer",
    """
    create table certificate_sightings (
      sighting_id integer primary key,
      certificate_id integer not null references certificates (certificate_id) on delete cascade,
      source text not null,
      namespace text,
      name text,
      key text,
      pod text,
      trust_domain text,
      role text not null,
      position integer not null,
      svid_failures text not null,
      svid_unknown text not null,
      location_id integer
    ) strict
    """,
    "create index certificate_sightings_certificate on certificate_sightings (certificate_id)",
    """
    create table certificate_chains (
      certificate_id integer primary key
        references certificates (certificate_id) on delete cascade,
      outcome text not null,
      trust_domain text,
      issuer_certificate_id integer,
      anchor_certificate_id integer,
      path text not null,
      path_count integer not null,
      anchor_count integer not null,
      problems text not null
    ) strict
    """,
    """
    create table spire_entries (
      spire_entry_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      entry text not null,
      spiffe_id text not null,
      parent_id text not null,
      selectors text not null,
      x509_ttl_seconds integer not null,
      jwt_ttl_seconds integer not null,
      federates_with text not null,
      dns_names text not null,
      is_admin integer not null,
      is_downstream integer not null,
      created_at text,
      expires_at text,
      location_id integer
    ) strict
    """,
    "create index spire_entries_run on spire_entries (run_id)",
    """
    create table certificate_issuers (
      certificate_issuer_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      kind text not null,
      namespace text not null,
      name text not null,
      type text,
      secret_name text,
      issuer_kind text,
      issuer_name text,
      common_name text,
      names text not null,
      usages text not null,
      is_ca integer,
      duration_seconds integer,
      renew_before_seconds integer,
      renew_before_percentage integer,
      rotation_policy text,
      key_algorithm text,
      key_size integer,
      template text,
      has_pod_selector integer,
      has_namespace_selector integer,
      workload_selectors text not null,
      jwt_ttl_seconds integer,
      federates_with text not null,
      is_admin integer,
      is_downstream integer,
      is_ready integer,
      not_after text,
      renewal_time text,
      location_id integer
    ) strict
    """,
    "create index certificate_issuers_run on certificate_issuers (run_id)",
    "create index certificates_identity on certificates (run_id, identity)",
    "create index certificate_chains_issuer on certificate_chains (issuer_certificate_id)",
    "create index certificate_chains_anchor on certificate_chains (anchor_certificate_id)",
    "create index observed_requests_source on observed_requests (source_principal)",
    // Spans runs, as traffic does: a rotation shows only over time.
    """
    create table certificate_lives (
      identity text not null,
      fingerprint text not null,
      role text not null,
      trust_domain text,
      serial text,
      issuer text,
      public_key_fingerprint text,
      not_before text,
      not_after text,
      lifetime_seconds integer,
      first_seen text not null,
      last_seen text not null,
      primary key (identity, fingerprint)
    ) strict, without rowid
    """,
  ]
}
