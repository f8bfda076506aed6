/// The view `certificate_name`.
extension View {
  static let certificateName = View(
    name: "certificate_name", group: .certificates,
    description: "Subject alternative names.",
    columns: [
      Column(
        "certificate_id", "joins `certificate`",
        "n.certificate_id"),
      Column(
        "kind", "uri, dns, ip or email",
        "n.kind"),
      Column(
        "value", "name",
        "n.value"),
    ],
    source: """
      certificate_names n
      join certificates c on c.certificate_id = n.certificate_id
      where c.run_id = (select run_id from current_run)
      """)
}
