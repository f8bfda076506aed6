/// 016: what the register declares of systems beyond their class: roles of documents, suppliers, stores and
/// incidents, and whose register it is.
enum RegisterMigration {
  static let statements =
    [
      "reference text", "derogation text", "is_profiling integer", "placed_on_market text",
      "last_design_change text", "uses_personal_data integer", "is_biometric integer",
      "is_workplace_use integer", "is_user_facing integer", "stop_workload text",
      "stop_endpoint text", "stop_max_days integer", "registration_id text",
      "registration_url text",
    ].map { "alter table ai_systems add column \($0)" }
    + [
      """
      create table ai_registers (
        run_id integer primary key references runs (run_id) on delete cascade,
        name text,
        is_public_authority integer,
        is_financial_institution integer,
        country text,
        location_id integer
      ) strict
      """,
      """
      create table declared_documents (
        run_id integer not null references runs (run_id) on delete cascade,
        system_id text not null,
        name text not null,
        declaration text not null,
        uri text,
        reason text,
        sha256 text,
        date text,
        review_by text,
        version text,
        retention_years integer,
        primary key (run_id, system_id, name)
      ) strict, without rowid
      """,
      """
      create table ai_system_suppliers (
        ai_system_supplier_id integer primary key,
        run_id integer not null references runs (run_id) on delete cascade,
        system_id text not null,
        supplier_id text,
        provides text not null,
        agreement_uri text,
        agreement_reason text,
        is_gpai integer
      ) strict
      """,
      """
      create table ai_system_stores (
        ai_system_store_id integer primary key,
        run_id integer not null references runs (run_id) on delete cascade,
        system_id text not null,
        purpose text not null,
        peer text not null
      ) strict
      """,
      """
      create table ai_system_incidents (
        ai_system_incident_id integer primary key,
        run_id integer not null references runs (run_id) on delete cascade,
        system_id text not null,
        incident_id text,
        aware_at text,
        kind text,
        is_death integer,
        evidence_hold text,
        report_reference text
      ) strict
      """,
    ]
}
