/// The view `trust_source`.
extension View {
  static let trustSource = View(
    name: "trust_source", group: .certificates,
    description: """
      What makes a mesh trust keys of somebody else: federations of SPIRE (ClusterFederatedTrustDomain) and\
       the sources of the bundles that trust-manager writes (Bundle).
      """,
    columns: [
      Column(
        "trust_source_id", "key",
        "t.trust_source_id"),
      Column(
        "resource_kind", "ClusterFederatedTrustDomain or Bundle",
        "t.resource_kind"),
      Column(
        "resource_name", "its name",
        "t.resource_name"),
      Column(
        "kind", "bundle-endpoint, secret, configmap, inline or default-cas",
        "t.kind"),
      Column(
        "source_name", "of a Secret or ConfigMap: its name, null when it is selected by labels",
        "t.source_name"),
      Column(
        "source_key", "key inside it, or null",
        "t.source_key"),
      Column(
        "trust_domain", "of a federation: the other trust domain",
        "t.trust_domain"),
      Column(
        "endpoint_url", "where the bundle is fetched from, or null",
        "t.endpoint_url"),
      Column(
        "endpoint_profile", "https_web, https_spiffe or null",
        "t.endpoint_profile"),
      Column(
        "endpoint_spiffe_id", "whose certificate the endpoint must show, or null",
        "t.endpoint_spiffe_id"),
      Column(
        "target", "of a Bundle: what it writes, configmap or secret with the key",
        "t.target"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "t.location_id"),
    ],
    source: """
      trust_sources t
      where t.run_id = (select run_id from current_run)
      """)
}
