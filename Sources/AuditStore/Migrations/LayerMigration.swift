/// 004: lints of the meshes, what each layer says of an edge, decisions of external authorizers.
enum LayerMigration {
  static let statements = [
    """
    create table mesh_lints (
      mesh_lint_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      lint text not null,
      subject_group text not null,
      subject_kind text not null,
      namespace text not null,
      name text not null,
      detail text not null,
      message text not null,
      location_id integer
    ) strict
    """,
    "create index mesh_lints_run on mesh_lints (run_id, lint)",
    "alter table access_edges add column wire_port integer",
    "alter table access_edges add column mesh_decision text",
    "alter table access_edges add column mesh_layer text",
    "alter table access_edges add column mesh_decided_by text",
    "alter table access_edges add column network_decision text",
    "alter table access_edges add column network_decided_by text",
    "alter table identities add column identity_key text",
    """
    create table external_decisions (
      external_decision_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      day text not null,
      source text,
      destination text,
      destination_namespace text,
      destination_name text,
      port integer,
      method text,
      path_template text,
      policy text not null,
      revision text,
      outcome text not null,
      decision_count integer not null,
      first_seen text not null,
      last_seen text not null
    ) strict
    """,
    "create index external_decisions_run on external_decisions (run_id)",
    "create index access_sources_principal on access_sources (run_id, principal)",
  ]
}
