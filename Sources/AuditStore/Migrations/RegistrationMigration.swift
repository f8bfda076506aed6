/// 011: what SPIRE issues to which workload, who issues each identity, and what the mesh decides where an
/// external authorizer was asked.
enum RegistrationMigration {
  static let statements = [
    "alter table identities add column issuer text not null default ''",
    "alter table identities add column selectors text",
    """
    create table workload_registrations (
      workload_registration_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      source text not null,
      name text not null,
      spiffe_id text,
      workload_id integer,
      reason text,
      selectors text not null,
      dns_names text not null,
      x509_ttl_seconds integer not null,
      jwt_ttl_seconds integer not null,
      federates_with text not null,
      is_admin integer not null,
      is_downstream integer not null,
      is_fallback integer not null,
      hint text not null,
      class_name text not null,
      location_id integer
    ) strict
    """,
    "alter table external_decisions add column mesh_decision text",
    "alter table external_decisions add column mesh_decided_by text",
    "create index workload_registrations_run on workload_registrations (run_id, spiffe_id)",
  ]
}
