/// The view `input`.
extension View {
  static let input = View(
    name: "input", group: .run,
    description: "Files that were given, what each was taken for, and how much of it was read.",
    columns: [
      Column(
        "input_id", "key",
        "i.input_id"),
      Column(
        "path", "as given",
        "i.path"),
      Column(
        "kind", "manifest, certificate, access-log:istio-json, register, … or unknown",
        "i.kind"),
      Column(
        "status", "read, partial, known, unrecognised or failed",
        "i.status"),
      Column(
        "reason", "why it was not read whole",
        "i.reason"),
      Column(
        "sha256", "digest of the bytes on disk; empty for plain logs of 32 MiB and more",
        "i.sha256"),
      Column(
        "blake3", "digest of an access log's contents after decompression; empty for other inputs",
        "i.blake3"),
      Column(
        "byte_count", "size on disk in bytes",
        "i.byte_count"),
      Column(
        "record_count", "resources, certificates or lines read",
        "i.record_count"),
      Column(
        "rejected_count", "records that could not be read",
        "i.rejected_count"),
      Column(
        "first_time", "earliest record, UTC",
        "i.first_time"),
      Column(
        "last_time", "latest record, UTC",
        "i.last_time"),
      Column(
        "continuity",
        """
        how an access log goes on from one that was counted before and starts with the same line: same, \
        grown, shortened or changed; null where none was
        """,
        "i.continuity"),
      Column(
        "earlier_path", "path of that one, or null",
        "i.earlier_path"),
      Column(
        "earlier_byte_count", "bytes of that one that were counted, or null",
        "i.earlier_byte_count"),
      Column(
        "earlier_counted_at", "as-of of the run that counted it, or null",
        "i.earlier_counted_at"),
    ],
    source: """
      inputs i
      where i.run_id = (select run_id from current_run)
      """)
}
