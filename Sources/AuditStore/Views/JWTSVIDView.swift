/// The view `jwt_svid`.
extension View {
  static let jwtSVID = View(
    name: "jwt_svid", group: .certificates,
    description: """
      JWT-SVIDs that were met: header and claims; never the token or its signature.
      """,
    columns: [
      Column(
        "jwt_svid_id", "key",
        "j.jwt_svid_id"),
      Column(
        "subject", "the claim `sub` as written, or null",
        "j.subject"),
      Column(
        "spiffe_id", "the same when it is a valid SPIFFE ID",
        "j.spiffe_id"),
      Column(
        "trust_domain", "trust domain of it",
        "j.trust_domain"),
      Column(
        "algorithm", "the header `alg`, or null",
        "j.algorithm"),
      Column(
        "key_id", "the header `kid`, or null",
        "j.key_id"),
      Column(
        "audiences", "JSON array of the claim `aud`",
        "j.audiences"),
      Column(
        "issued_at", "the claim `iat`, UTC or null",
        "j.issued_at"),
      Column(
        "expires_at", "the claim `exp`, UTC or null",
        "j.expires_at"),
      Column(
        "failures",
        "JSON array of what it does not meet: J1, J2-alg, J2-typ, J3-sub, J3-aud, J3-exp",
        "j.failures"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "j.location_id"),
    ],
    source: """
      jwt_svids j
      where j.run_id = (select run_id from current_run)
      """)
}
