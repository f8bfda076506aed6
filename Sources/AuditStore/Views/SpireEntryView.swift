/// The view `spire_entry`.
extension View {
  static let spireEntry = View(
    name: "spire_entry", group: .certificates,
    description: """
      Registration entries of SPIRE servers.
      """,
    columns: [
      Column(
        "spire_entry_id", "key",
        "e.spire_entry_id"),
      Column(
        "entry", "id that SPIRE gave it",
        "e.entry"),
      Column(
        "spiffe_id", "SPIFFE ID that it issues",
        "e.spiffe_id"),
      Column(
        "parent_id", "SPIFFE ID of the node or server that it hangs on",
        "e.parent_id"),
      Column(
        "selectors", "JSON array of type:value",
        "e.selectors"),
      Column(
        "x509_ttl_seconds", "lifetime of its X.509-SVIDs, 0 for the default of the server",
        "e.x509_ttl_seconds"),
      Column(
        "jwt_ttl_seconds", "lifetime of its JWT-SVIDs, 0 for the default of the server",
        "e.jwt_ttl_seconds"),
      Column(
        "federates_with", "JSON array of trust domains",
        "e.federates_with"),
      Column(
        "dns_names", "JSON array",
        "e.dns_names"),
      Column(
        "is_admin", "1 when it may use the API of the server",
        "e.is_admin"),
      Column(
        "is_downstream", "1 when it may issue as a CA of its own",
        "e.is_downstream"),
      Column(
        "created_at", "UTC or null",
        "e.created_at"),
      Column(
        "expires_at", "UTC or null when it does not end",
        "e.expires_at"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "e.location_id"),
    ],
    source: """
      spire_entries e
      where e.run_id = (select run_id from current_run)
      """)
}
