/// The view `private_key`.
extension View {
  static let privateKey = View(
    name: "private_key", group: .certificates,
    description: "Private keys that were met; never their bytes.",
    columns: [
      Column(
        "private_key_id", "key",
        "k.private_key_id"),
      Column(
        "format", "how it was recognised",
        "k.format"),
      Column(
        "is_encrypted", "1 when it is encrypted",
        "k.is_encrypted"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "k.location_id"),
    ],
    source: """
      private_keys k
      where k.run_id = (select run_id from current_run)
      """)
}
