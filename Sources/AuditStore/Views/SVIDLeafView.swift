/// The view `svid_leaf`.
extension View {
  static let svidLeaf = View(
    name: "svid_leaf", group: .certificates,
    description: """
      Certificates that were met as a workload's and carry a mesh identity: one row with the status pass\
       for each, and one for each requirement of the X.509-SVID standard (or of Linkerd) that it does not\
       meet, or of which that cannot be told. The worst status sorts first.
      """,
    columns: [
      Column(
        "certificate_id", "joins `certificate`",
        "l.certificate_id"),
      Column(
        "name", "the holder, as in `certificate`",
        "l.name"),
      Column(
        "trust_domain", "trust domain of its identity",
        "l.trust_domain"),
      Column(
        "serial", "hexadecimal",
        "l.serial"),
      Column(
        "not_after", "UTC",
        "l.not_after"),
      Column(
        "fingerprint", "SHA-256 of the DER",
        "l.fingerprint"),
      Column(
        "requirement", "X1, X2, …; L1, … for Linkerd; null in the row with the status pass",
        "d.requirement"),
      Column(
        "status", "fail, not-assessed or pass",
        "d.status"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "l.location_id"),
    ],
    source: """
      (
        select c.certificate_id, null as requirement, 'pass' as status
        from certificates c
        where c.run_id = (select run_id from current_run)
        union all
        select c.certificate_id, f.value, 'fail'
        from certificates c, json_each(c.svid_failures) f
        where c.run_id = (select run_id from current_run)
        union all
        select c.certificate_id, u.value, 'not-assessed'
        from certificates c, json_each(c.svid_unknown) u
        where c.run_id = (select run_id from current_run)
      ) d
      join certificates l on l.certificate_id = d.certificate_id
      where l.svid_profile <> 'none'
        and exists (
          select 1
          from certificate_sightings s
          where s.certificate_id = l.certificate_id and s.role = 'leaf'
        )
      """)
}
