/// The view `certificate_rotation`.
extension View {
  static let certificateRotation = View(
    name: "certificate_rotation", group: .certificates,
    description: """
      Certificates over all runs, each with the one before it of the same identity. Pods of one\
       service account hold certificates of their own, so intervals may be shorter than a renewal.
      """,
    columns: [
      Column(
        "identity", "SPIFFE ID or Linkerd name; of a CA its subject, of a gateway its first name",
        "r.identity"),
      Column(
        "role", "leaf, intermediate, anchor or unknown",
        "r.role"),
      Column(
        "trust_domain", "trust domain or null",
        "r.trust_domain"),
      Column(
        "fingerprint", "SHA-256 of the DER",
        "r.fingerprint"),
      Column(
        "serial", "hexadecimal",
        "r.serial"),
      Column(
        "issuer", "distinguished name",
        "r.issuer"),
      Column(
        "public_key_fingerprint", "SHA-256 of the public key",
        "r.public_key_fingerprint"),
      Column(
        "not_before", "UTC",
        "r.not_before"),
      Column(
        "not_after", "UTC",
        "r.not_after"),
      Column(
        "lifetime_seconds", "not_after minus not_before",
        "r.lifetime_seconds"),
      Column(
        "first_seen", "first run in which it was met: its as-of time",
        "r.first_seen"),
      Column(
        "last_seen", "last run in which it was met: its as-of time",
        "r.last_seen"),
      Column(
        "is_seen",
        """
        1 when an inventory shows the two side by side, or the one before after its end; 0 when others may\
         have come and gone in between; null for the first
        """,
        """
        case
          when r.previous_last_seen is null then null
          else r.previous_last_seen >= r.first_seen
            or coalesce(r.previous_last_seen > r.previous_not_after, 0)
        end
        """),
      Column(
        "position", "1 for the oldest of the identity",
        "r.position"),
      Column(
        "certificate_count", "certificates of the identity",
        "r.certificate_count"),
      Column(
        "previous_serial", "serial of the one before, or null",
        "r.previous_serial"),
      Column(
        "previous_not_before", "start of the one before, or null",
        "r.previous_not_before"),
      Column(
        "previous_not_after", "end of the one before, or null",
        "r.previous_not_after"),
      Column(
        "previous_lifetime_seconds", "lifetime of the one before, or null",
        "r.previous_lifetime_seconds"),
      Column(
        "has_previous_key",
        "1 when it has the key of the one before, null for the first or when unknown",
        "r.public_key_fingerprint = r.previous_public_key_fingerprint"),
      Column(
        "has_previous_issuer", "1 when it has the issuer of the one before, null for the first",
        "r.issuer = r.previous_issuer"),
    ],
    source: """
      (
        select
          l.identity,
          l.role,
          l.trust_domain,
          l.fingerprint,
          l.serial,
          l.issuer,
          l.public_key_fingerprint,
          l.not_before,
          l.not_after,
          l.lifetime_seconds,
          l.first_seen,
          l.last_seen,
          row_number() over identity_order as position,
          lag(l.serial) over identity_order as previous_serial,
          lag(l.not_before) over identity_order as previous_not_before,
          lag(l.not_after) over identity_order as previous_not_after,
          lag(l.lifetime_seconds) over identity_order as previous_lifetime_seconds,
          lag(l.public_key_fingerprint) over identity_order as previous_public_key_fingerprint,
          lag(l.issuer) over identity_order as previous_issuer,
          lag(l.last_seen) over identity_order as previous_last_seen,
          count(*) over (partition by l.identity, l.role) as certificate_count
        from certificate_lives l
        window identity_order as (
          partition by l.identity, l.role order by l.not_before, l.fingerprint
        )
      ) r
      """)
}
