/// SQL that several views of traffic share.
enum TrafficSQL {
  /// Whether a stronger evidence shows the same caller at the same workload on the same day.
  ///
  /// Log lines come first, for they alone have methods and paths, then counters, then traces. A row whose
  /// caller is unknown repeats nothing.
  static func isRepeated(_ row: String) -> String {
    """
    (
      \(row).evidence <> 'log' and exists (
        select 1
        from observed_requests s indexed by observed_requests_evidence
        where s.destination_namespace = \(row).destination_namespace
          and s.destination_name = \(row).destination_name
          and s.day = \(row).day
          and (s.evidence = 'log' or (s.evidence = 'counter' and \(row).evidence = 'trace'))
          and s.side = \(row).side
          and (
            (s.source_principal <> '' and s.source_principal = \(row).source_principal)
            or (
              s.source_name <> ''
              and s.source_namespace = \(row).source_namespace
              and s.source_name = \(row).source_name
            )
          )
      )
    )
    """
  }
}
