/// The view `certificate_sighting`.
extension View {
  static let certificateSighting = View(
    name: "certificate_sighting", group: .certificates,
    description: """
      Where each certificate was met: one row for each place.
      """,
    columns: [
      Column(
        "sighting_id", "key",
        "s.sighting_id"),
      Column(
        "certificate_id", "joins `certificate`",
        "s.certificate_id"),
      Column(
        "source", "pem, kubernetes-secret, envoy-secrets, spiffe-bundle, …",
        "s.source"),
      Column(
        "namespace", "namespace of the Secret, ConfigMap or pod, or null",
        "s.namespace"),
      Column(
        "name", "name of the Secret, ConfigMap, pod or Envoy secret, or null",
        "s.name"),
      Column(
        "key", "key inside it, or null",
        "s.key"),
      Column(
        "pod", "pod whose proxy was asked, or null",
        "s.pod"),
      Column(
        "trust_domain", "trust domain that the bundle is for, or null",
        "s.trust_domain"),
      Column(
        "role", "what the place uses it as: leaf, intermediate, anchor or unknown",
        "s.role"),
      Column(
        "position", "0-based place in its bundle",
        "s.position"),
      Column(
        "svid_failures", "JSON array of X.509-SVID requirements that it does not meet there",
        "s.svid_failures"),
      Column(
        "svid_unknown", "JSON array of requirements that cannot be told",
        "s.svid_unknown"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "s.location_id"),
    ],
    source: """
      certificate_sightings s
      join certificates c on c.certificate_id = s.certificate_id
      where c.run_id = (select run_id from current_run)
      """)
}
