/// The view `revoked_serial`.
extension View {
  static let revokedSerial = View(
    name: "revoked_serial", group: .certificates,
    description: """
      The entries of revocation lists. A serial number is its issuer's: join `revocation_list` too.
      """,
    columns: [
      Column(
        "revocation_list_id", "joins `revocation_list`",
        "s.revocation_list_id"),
      Column(
        "serial", "hexadecimal, as in `certificate`",
        "s.serial"),
      Column(
        "revoked_at", "UTC",
        "s.revoked_at"),
      Column(
        "reason", "as RFC 5280 5.3.1 names it; unspecified when the entry does not say",
        "s.reason"),
    ],
    source: """
      revoked_serials s
      join revocation_lists l on l.revocation_list_id = s.revocation_list_id
      where l.run_id = (select run_id from current_run)
      """)
}
