/// The view `certificate_revocation_source`.
extension View {
  static let certificateRevocationSource = View(
    name: "certificate_revocation_source", group: .certificates,
    description: """
      Where certificates say that revocation, or their issuer, can be asked for. Nothing is fetched from\
       there: give revocation lists as files and see `revocation_list`.
      """,
    columns: [
      Column(
        "certificate_id", "joins `certificate`",
        "r.certificate_id"),
      Column(
        "kind", "crl (distribution point), ocsp or issuer (authority information access)",
        "r.kind"),
      Column(
        "address", "URI",
        "r.address"),
    ],
    source: """
      certificate_revocation_sources r
      join certificates c on c.certificate_id = r.certificate_id
      where c.run_id = (select run_id from current_run)
      """)
}
