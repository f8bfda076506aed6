/// 009: the access graph by outcomes and exceptions, in place of one row for each pair of classes.
enum AccessPairMigration {
  static let statements = [
    """
    create table access_outcomes (
      outcome_id integer primary key,
      run_id integer not null references runs (run_id) on delete cascade,
      decision text not null,
      layer text not null,
      operations text not null,
      decided_by text not null,
      reason text,
      wire_port integer,
      mesh_decision text,
      mesh_layer text,
      mesh_decided_by text,
      network_decision text,
      network_decided_by text
    ) strict
    """,
    """
    create table access_class_pairs (
      destination_class_id integer not null,
      source_class_id integer not null,
      outcome_id integer not null references access_outcomes (outcome_id) on delete cascade,
      is_rest integer not null,
      primary key (destination_class_id, source_class_id)
    ) strict, without rowid
    """,
    // A source stands under its own class, and once more under the class of all sources of the run.
    "alter table access_sources add column own_class_id integer",
    "update access_sources set own_class_id = class_id",
    """
    insert into access_outcomes
    select edge_id, run_id, decision, layer, operations, decided_by, reason, wire_port,
      mesh_decision, mesh_layer, mesh_decided_by, network_decision, network_decided_by
    from access_edges
    """,
    """
    insert into access_class_pairs
    select destination_class_id, source_class_id, edge_id, 0 from access_edges
    """,
    "drop table access_edges",
    "create index access_outcomes_run on access_outcomes (run_id)",
    "create index access_class_pairs_outcome on access_class_pairs (outcome_id)",
    "create index access_class_pairs_source on access_class_pairs (source_class_id)",
  ]
}
