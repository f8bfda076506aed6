/// 014: reports in parts, so that storing a long one holds one part at a time.
enum ReportPartMigration {
  static let statements = [
    """
    create table report_parts (
      run_id integer not null references runs (run_id) on delete cascade,
      position integer not null,
      contents blob not null,
      primary key (run_id, position)
    ) strict
    """
  ]
}
