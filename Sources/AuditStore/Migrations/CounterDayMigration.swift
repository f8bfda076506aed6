/// 008: the day before, of what a counter shows: it may have been read after midnight.
enum CounterDayMigration {
  static let statements = [
    "alter table observed_requests add column previous_day text not null default ''",
    """
    update observed_requests set previous_day = date(day, '-1 day') where evidence = 'counter'
    """,
  ]
}
