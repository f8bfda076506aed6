/// The view `pair_coverage`.
extension View {
  static let pairCoverage = View(
    name: "pair_coverage", group: .traffic,
    description: """
      How far lines of the caller's and the called's proxies of the same request were joined by its id \
      over the logs of this run; one row, none where no log has lines that could be joined.
      """,
    columns: [
      Column(
        "server_line_count",
        "lines of called proxies with a request id and without the caller's identity",
        "p.server_line_count"),
      Column(
        "client_line_count",
        "lines of callers' proxies with a request id and the pod that was called",
        "p.client_line_count"),
      Column(
        "joined_count", "pairs whose called's line has the caller from the other one",
        "p.joined_count"),
      Column(
        "ambiguous_line_count",
        "lines whose id belongs to several lines of one side: a retry, or an id that was used again",
        "p.ambiguous_line_count"),
      Column(
        "contradicted_count",
        "pairs that do not agree in method, response, time, connection or called workload",
        "p.contradicted_count"),
      Column(
        "unknown_caller_count", "pairs whose caller's line does not say whose proxy wrote it",
        "p.unknown_caller_count"),
      Column(
        "server_only_count", "lines of called proxies without the caller's line",
        "p.server_only_count"),
      Column(
        "client_only_count",
        "lines of callers' proxies without the called's line, or whose called's line has an identity",
        "p.client_only_count"),
      Column(
        "not_kept_line_count",
        "lines that were not kept, for there were more requests than are kept",
        "p.not_kept_line_count"),
    ],
    source: """
      pair_counts p
      where p.run_id = (select run_id from current_run)
        and p.server_line_count + p.client_line_count > 0
      """)
}
