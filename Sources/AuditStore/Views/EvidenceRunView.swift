/// The view `evidence_run`.
extension View {
  static let evidenceRun = View(
    name: "evidence_run", group: .run,
    description: """
      Evidence of earlier runs among the inputs (`run.intoto.jsonl`): whether its signature, the files \
      beside it and its place in the chain hold.
      """,
    columns: [
      Column("evidence_run_id", "key", "e.evidence_run_id"),
      Column("attested_run", "id of the run that it attests, or null", "e.attested_run"),
      Column("sequence", "number of that run, or null", "e.sequence"),
      Column("as_of", "the moment that it speaks of, or null", "e.as_of"),
      Column(
        "signature",
        """
        valid, invalid, not-checked (no public key was given with it) or none: nobody signed it
        """,
        "e.signature"),
      Column("problem_count", "reasons why it cannot stand", "e.problem_count"),
      Column("problems", "JSON array of sentences", "e.problems"),
      Column("location_id", "place in the inputs, joins `location`", "e.location_id"),
    ],
    source: """
      evidence_runs e
      where e.run_id = (select run_id from current_run)
      """)
}
