/// The view `declared_document`.
extension View {
  static let declaredDocument = View(
    name: "declared_document", group: .register,
    description: """
      Every document that an entry of the register can refer to, also where it does not: one row for \
      each system and document.
      """,
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "d.system_id"),
      Column(
        "name",
        "a name of `ai_system_document`, assessment, suspendPolicy, logAgreement or logSchema",
        "d.name"),
      Column(
        "declaration",
        "given (an address), reasoned (none, with the reason) or missing",
        "d.declaration"),
      Column(
        "uri", "address or null",
        "d.uri"),
      Column(
        "reason", "why there is none, or null",
        "d.reason"),
      Column(
        "sha256", "declared digest or null",
        "d.sha256"),
      Column(
        "date", "day or null",
        "d.date"),
      Column(
        "review_by", "day by which it is to be reviewed, or null",
        "d.review_by"),
      Column(
        "version", "version or null",
        "d.version"),
      Column(
        "retention_years", "declared retention in years, or null",
        "d.retention_years"),
      Column(
        "read_sha256",
        "digest of the input whose path ends with the address, or null when none was given",
        """
        (
          select min(i.sha256)
          from inputs i
          where i.run_id = d.run_id
            and i.sha256 <> ''
            and substr('/' || i.path, -length(d.uri) - 1) = '/' || d.uri
        )
        """),
    ],
    source: """
      declared_documents d
      where d.run_id = (select run_id from current_run)
      """)
}
