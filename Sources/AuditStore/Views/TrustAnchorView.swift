/// The view `trust_anchor`.
extension View {
  static let trustAnchor = View(
    name: "trust_anchor", group: .certificates,
    description: """
      Certificates that were met as trust anchors, or say of themselves that they are one.
      """,
    columns: [
      Column(
        "certificate_id", "joins `certificate`",
        "c.certificate_id"),
      Column(
        "fingerprint", "SHA-256 of the DER",
        "c.fingerprint"),
      Column(
        "public_key_fingerprint", "SHA-256 of the public key",
        "c.public_key_fingerprint"),
      Column(
        "subject", "distinguished name",
        "c.subject"),
      Column(
        "not_before", "UTC",
        "c.not_before"),
      Column(
        "not_after", "UTC",
        "c.not_after"),
      Column(
        "trust_domain",
        "trust domain that its bundle, or its SPIFFE ID, names; or that of what it anchors; or null",
        """
        coalesce(
          (
            select min(s.trust_domain)
            from certificate_sightings s
            where s.certificate_id = c.certificate_id
          ),
          c.trust_domain,
          (
            select min(h.trust_domain)
            from certificate_chains h
            where h.anchor_certificate_id = c.certificate_id and h.outcome = 'complete'
          )
        )
        """),
      Column(
        "sighting_count", "places where it was met",
        """
        (
          select count(*)
          from certificate_sightings s
          where s.certificate_id = c.certificate_id
        )
        """),
      Column(
        "chain_count", "complete chains that end in it",
        """
        (
          select count(*)
          from certificate_chains h
          where h.anchor_certificate_id = c.certificate_id and h.outcome = 'complete'
        )
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "c.location_id"),
    ],
    source: """
      certificates c
      where c.run_id = (select run_id from current_run)
        and exists (
          select 1
          from certificate_sightings s
          where s.certificate_id = c.certificate_id and s.role = 'anchor'
        )
      """)
}
