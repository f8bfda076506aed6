/// The view `revocation_list`.
extension View {
  static let revocationList = View(
    name: "revocation_list", group: .certificates,
    description: """
      Certificate revocation lists that were met, in files or in the keys of Secrets, each once.
      """,
    columns: [
      Column(
        "revocation_list_id", "key",
        "l.revocation_list_id"),
      Column(
        "fingerprint", "SHA-256 of its DER",
        "l.fingerprint"),
      Column(
        "issuer", "distinguished name",
        "l.issuer"),
      Column(
        "authority_key_id", "key of the issuer, hexadecimal or null",
        "l.authority_key_id"),
      Column(
        "number", "CRL number, hexadecimal or null",
        "l.number"),
      Column(
        "this_update", "UTC",
        "l.this_update"),
      Column(
        "next_update", "when the next list is due at the latest, UTC, or null",
        "l.next_update"),
      Column(
        "signature",
        "valid, invalid (by no CA of that name), issuer-missing or not-verifiable",
        "l.signature"),
      Column(
        "is_delta", "1 for changes to another list",
        "l.is_delta"),
      Column(
        "is_decisive",
        "0 for one that names other issuers or has unknown critical extensions",
        "l.is_decisive"),
      Column(
        "entry_count", "how many certificates it takes back",
        "l.entry_count"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "l.location_id"),
    ],
    source: """
      revocation_lists l
      where l.run_id = (select run_id from current_run)
      """)
}
