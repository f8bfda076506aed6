/// SQL that several views of traffic share.
enum TrafficSQL {
  /// Whether a stronger evidence shows the same caller at the same workload on the same day.
  ///
  /// Log lines come first, for they alone have methods and paths, then counters, then traces. What a
  /// counter shows may have been on the day before, where it was read after midnight. A caller who is
  /// unknown is the same one where both say alike whether there was mutual TLS.
  ///
  /// A `case` and no `and`: where SQLite 3.40 wants the value of a conjunction it computes both sides, and would
  /// look for the stronger evidence of each log line.
  static func isRepeated(_ row: String) -> String {
    """
    (
      case \(row).evidence when 'log' then 0 else exists (
        select 1
        from observed_requests s indexed by observed_requests_evidence
        where s.destination_namespace = \(row).destination_namespace
          and s.destination_name = \(row).destination_name
          and s.day in (\(row).day, \(row).previous_day)
          and (s.evidence = 'log' or (s.evidence = 'counter' and \(row).evidence = 'trace'))
          and s.side = \(row).side
          and (
            (s.source_principal <> '' and s.source_principal = \(row).source_principal)
            or (
              s.source_name <> ''
              and s.source_namespace = \(row).source_namespace
              and s.source_name = \(row).source_name
            )
            or (
              s.source_principal = '' and s.source_name = ''
              and \(row).source_principal = '' and \(row).source_name = ''
              and s.is_mtls is \(row).is_mtls
            )
          )
      ) end
    )
    """
  }
}
