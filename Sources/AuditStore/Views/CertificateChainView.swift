/// The view `certificate_chain`.
extension View {
  static let certificateChain = View(
    name: "certificate_chain", group: .certificates,
    description: """
      The way of each certificate to a trust anchor, within the certificates of the run,\
       signatures verified.
      """,
    columns: [
      Column(
        "certificate_id", "joins `certificate`; anchors have no row",
        "h.certificate_id"),
      Column(
        "outcome", "complete, missing-issuer, ambiguous, broken or not-verifiable",
        "h.outcome"),
      Column(
        "trust_domain", "trust domain of its identity, or null",
        "h.trust_domain"),
      Column(
        "issuer_certificate_id", "next in the path, joins `certificate`, or null",
        "h.issuer_certificate_id"),
      Column(
        "anchor_certificate_id", "end of the path, joins `certificate`, or null",
        "h.anchor_certificate_id"),
      Column(
        "path", "JSON array of certificate_id, the certificate itself first",
        "h.path"),
      Column(
        "path_count", "paths that hold",
        "h.path_count"),
      Column(
        "anchor_count", "different keys among their anchors; above 1: cross-signed",
        "h.anchor_count"),
      Column(
        "problems", "JSON array of objects with problem and certificate_id",
        "h.problems"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "c.location_id"),
    ],
    source: """
      certificate_chains h
      join certificates c on c.certificate_id = h.certificate_id
      where c.run_id = (select run_id from current_run)
      """)
}
