/// The view `certificate`.
extension View {
  static let certificate = View(
    name: "certificate", group: .certificates,
    description: "Certificates that were met, one row for each.",
    columns: [
      Column(
        "certificate_id", "key",
        "c.certificate_id"),
      Column(
        "fingerprint", "SHA-256 of the DER",
        "c.fingerprint"),
      Column(
        "public_key_fingerprint", "SHA-256 of the public key",
        "c.public_key_fingerprint"),
      Column(
        "name",
        """
        whose it is, equal for all of one holder: identity of a workload, subject of a CA, else its\
         first URI or DNS name, subject, serial or fingerprint
        """,
        "c.name"),
      Column(
        "subject", "distinguished name",
        "c.subject"),
      Column(
        "issuer", "distinguished name",
        "c.issuer"),
      Column(
        "serial", "hexadecimal",
        "c.serial"),
      Column(
        "not_before", "UTC",
        "c.not_before"),
      Column(
        "not_after", "UTC",
        "c.not_after"),
      Column(
        "lifetime_seconds", "not_after minus not_before",
        "c.lifetime_seconds"),
      Column(
        "key_algorithm", "rsa, ec, ed25519, …",
        "c.key_algorithm"),
      Column(
        "key_bits", "size in bits",
        "c.key_bits"),
      Column(
        "curve", "curve or null",
        "c.curve"),
      Column(
        "signature_algorithm", "for example sha256-rsa",
        "c.signature_algorithm"),
      Column(
        "role", "leaf, intermediate, anchor or unknown",
        "c.role"),
      Column(
        "is_ca", "1, 0, or null when unknown",
        "c.is_ca"),
      Column(
        "spiffe_id", "its SPIFFE ID when there is exactly one URI SAN of that scheme",
        "c.spiffe_id"),
      Column(
        "trust_domain", "trust domain of its identity",
        "c.trust_domain"),
      Column(
        "uri_name_count", "URI SANs",
        "c.uri_name_count"),
      Column(
        "key_usages", "JSON array or null",
        "c.key_usages"),
      Column(
        "extended_key_usages", "JSON array or null",
        "c.extended_key_usages"),
      Column(
        "anomalies", "JSON array of codes",
        "c.anomalies"),
      Column(
        "parse_status", "complete, partial or failed",
        "c.parse_status"),
      Column(
        "source", "what it was read from",
        "c.source"),
      Column(
        "identity", "SPIFFE ID, or the name that Linkerd issues, or null",
        "c.identity"),
      Column(
        "svid_profile", "spiffe, linkerd or none",
        "c.svid_profile"),
      Column(
        "svid_failures",
        "JSON array of X.509-SVID requirements (X1, X2, …; L1, … for Linkerd) that it does not meet",
        "c.svid_failures"),
      Column(
        "svid_unknown", "JSON array of requirements that its format does not let one tell",
        "c.svid_unknown"),
      Column(
        "signature_digest", "SHA-256, …; null when the algorithm names none or it is unknown",
        "c.signature_digest"),
      Column(
        "subject_key_id", "hexadecimal or null",
        "c.subject_key_id"),
      Column(
        "authority_key_id", "hexadecimal or null",
        "c.authority_key_id"),
      Column(
        "is_self_issued", "1 when issuer and subject are equal",
        "c.is_self_issued"),
      Column(
        "path_length", "intermediates that it allows below itself, or null",
        "c.path_length"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "c.location_id"),
    ],
    source: """
      certificates c
      where c.run_id = (select run_id from current_run)
      """)
}
