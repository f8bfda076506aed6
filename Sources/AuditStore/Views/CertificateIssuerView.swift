/// The view `certificate_issuer`.
extension View {
  static let certificateIssuer = View(
    name: "certificate_issuer", group: .certificates,
    description: """
      What issues identities or asks for them: Certificate, CertificateRequest, Issuer and\
       ClusterIssuer of cert-manager, ClusterSPIFFEID of SPIRE; columns that a kind lacks are null.
      """,
    columns: [
      Column(
        "certificate_issuer_id", "key",
        "i.certificate_issuer_id"),
      Column(
        "kind", "Certificate, CertificateRequest, Issuer, ClusterIssuer or ClusterSPIFFEID",
        "i.kind"),
      Column(
        "namespace", "namespace, empty when cluster-scoped",
        "i.namespace"),
      Column(
        "name", "name",
        "i.name"),
      Column(
        "type", "of an issuer: ca, selfSigned, vault, acme or venafi",
        "i.type"),
      Column(
        "secret_name", "Secret that it writes or signs with",
        "i.secret_name"),
      Column(
        "issuer_kind", "of a Certificate: kind of its issuer",
        "i.issuer_kind"),
      Column(
        "issuer_name", "of a Certificate: name of its issuer",
        "i.issuer_name"),
      Column(
        "common_name", "of a Certificate",
        "i.common_name"),
      Column(
        "names", "JSON array of DNS names, URIs and addresses, or of templates of them",
        "i.names"),
      Column(
        "usages", "JSON array",
        "i.usages"),
      Column(
        "is_ca", "1 when the certificate may sign",
        "i.is_ca"),
      Column(
        "duration_seconds", "lifetime that is asked for, null for the default",
        "i.duration_seconds"),
      Column(
        "renew_before_seconds", "seconds before the end at which it is renewed",
        "i.renew_before_seconds"),
      Column(
        "renew_before_percentage", "the same as a share of the lifetime",
        "i.renew_before_percentage"),
      Column(
        "rotation_policy", "Always or Never, null for the default",
        "i.rotation_policy"),
      Column(
        "key_algorithm", "RSA, ECDSA or Ed25519, null for the default",
        "i.key_algorithm"),
      Column(
        "key_size", "bits, null for the default",
        "i.key_size"),
      Column(
        "template", "of a ClusterSPIFFEID: template of the SPIFFE ID",
        "i.template"),
      Column(
        "has_pod_selector", "1 when pods are selected",
        "i.has_pod_selector"),
      Column(
        "has_namespace_selector", "1 when namespaces are selected",
        "i.has_namespace_selector"),
      Column(
        "workload_selectors", "JSON array of templates of further selectors",
        "i.workload_selectors"),
      Column(
        "jwt_ttl_seconds", "lifetime of JWT-SVIDs, null for the default",
        "i.jwt_ttl_seconds"),
      Column(
        "federates_with", "JSON array of trust domains",
        "i.federates_with"),
      Column(
        "is_admin", "1 when it may use the API of the server",
        "i.is_admin"),
      Column(
        "is_downstream", "1 when it may issue as a CA of its own",
        "i.is_downstream"),
      Column(
        "is_ready", "condition Ready, null when never applied",
        "i.is_ready"),
      Column(
        "not_after", "end of the issued certificate by its status",
        "i.not_after"),
      Column(
        "renewal_time", "when cert-manager means to renew, by its status",
        "i.renewal_time"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "i.location_id"),
    ],
    source: """
      certificate_issuers i
      where i.run_id = (select run_id from current_run)
      """)
}
