/// The view `newest_certificate`.
extension View {
  static let newestCertificate = View(
    name: "newest_certificate", group: .certificates,
    description: """
      Of each holder that is no CA the certificate that ends last: what it shows until it renews.\
       Certificates whose end is unknown are left out.
      """,
    columns: [
      Column(
        "certificate_id", "joins `certificate`",
        "n.certificate_id"),
      Column(
        "name", "the holder, as in `certificate`",
        "n.name"),
      Column(
        "svid_profile", "spiffe, linkerd or none",
        "n.svid_profile"),
      Column(
        "serial", "hexadecimal",
        "n.serial"),
      Column(
        "issuer", "distinguished name",
        "n.issuer"),
      Column(
        "not_before", "UTC",
        "n.not_before"),
      Column(
        "not_after", "UTC",
        "n.not_after"),
      Column(
        "lifetime_seconds", "not_after minus not_before",
        "n.lifetime_seconds"),
      Column(
        "certificate_count", "certificates of the holder",
        "n.certificate_count"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "n.location_id"),
    ],
    source: """
      (
        select
          c.certificate_id,
          c.name,
          c.svid_profile,
          c.serial,
          c.issuer,
          c.not_before,
          c.not_after,
          c.lifetime_seconds,
          c.location_id,
          count(*) over (partition by c.name) as certificate_count,
          row_number() over (
            partition by c.name order by c.not_after desc, c.not_before desc, c.fingerprint
          ) as place
        from certificates c
        where c.run_id = (select run_id from current_run)
          and c.role in ('leaf', 'unknown')
          and coalesce(c.is_ca, 0) = 0
          and c.not_after is not null
      ) n
      where n.place = 1
      """)
}
