/// The view `trust_bundle_key`.
extension View {
  static let trustBundleKey = View(
    name: "trust_bundle_key", group: .certificates,
    description: """
      Keys of SPIFFE trust bundles. A key for X.509-SVIDs carries the certificate of an anchor, which is in\
       `trust_anchor` as well.
      """,
    columns: [
      Column(
        "trust_bundle_key_id", "key",
        "k.trust_bundle_key_id"),
      Column(
        "trust_domain", "whose bundle it is, or null",
        "k.trust_domain"),
      Column(
        "purpose", "x509-svid, jwt-svid, other text or null: the member `use`",
        "k.purpose"),
      Column(
        "key_id", "the member `kid`, or null",
        "k.key_id"),
      Column(
        "key_type", "EC, RSA, …",
        "k.key_type"),
      Column(
        "certificate_count", "certificates in `x5c`",
        "k.certificate_count"),
      Column(
        "position", "0-based place in its bundle",
        "k.position"),
      Column(
        "defects",
        "JSON array: use-unknown, certificate-count, key-id-present (X18), key-id-missing (J4)",
        "k.defects"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "k.location_id"),
    ],
    source: """
      trust_bundle_keys k
      where k.run_id = (select run_id from current_run)
      """)
}
