import AuditModel

/// How the comparison of meshes names its figures.
struct MeshMeasureWords {
  let measure: MeshComparison.Measure
  let title: String
  /// The view that holds what is counted.
  let view: String

  static func name(ofMesh mesh: String) -> String {
    switch mesh {
    case "istio": "Istio"
    case "linkerd": "Linkerd"
    default: "Outside"
    }
  }

  static let chapters: [(title: String, measures: [MeshMeasureWords])] = [
    (
      "Identity and encryption",
      [
        words(.workloads, "Workloads", "workload"),
        words(.sharedIdentities, "Workloads that share their identity with another", "workload"),
        words(.mutualTLSPorts, "Ports that take mutual TLS only", "workload_port"),
      ]
    ),
    (
      "Authorization",
      [
        words(
          .anonymousPorts, "Ports that callers without an identity reach, wholly or in part",
          "access_edge"),
        words(
          .foreignPorts, "Ports that identities of an undeclared trust domain reach", "access_edge"
        ),
        words(.usedGrants, "ALLOW rules of watched workloads that let a request in", "grant_usage"),
      ]
    ),
    (
      "Records",
      [
        words(.loggedWorkloads, "Workloads that log inbound requests", "workload_telemetry"),
        words(
          .identityLoggedWorkloads, "Workloads whose log names the caller's verified identity",
          "workload_telemetry"),
        words(.tracedWorkloads, "Workloads that report spans", "workload_telemetry"),
      ]
    ),
    (
      "Traffic",
      [
        words(.requests, "Observed requests", "observed_request"),
        words(.verifiedRequests, "Requests of a caller whom the mesh verified", "observed_request"),
        words(
          .encryptedRequests, "Requests over mutual TLS, where that is known", "observed_request"),
        words(.refusedRequests, "Requests that the mesh refused", "observed_request"),
        words(
          .agreedRefusals, "Refusals that the audited policies explain, of those decided",
          "denial_agreement"),
      ]
    ),
    (
      "Certificates",
      [
        words(.certificates, "Identities of workloads with a certificate", "newest_certificate"),
        words(.expiredCertificates, "Of them, the newest is expired", "newest_certificate"),
        words(.shortCertificates, "Of them, it lives 24 hours or less", "newest_certificate"),
        words(
          .timelyRenewals, "Renewals before the certificate in use had ended",
          "certificate_rotation"),
      ]
    ),
  ]

  private static func words(_ measure: MeshComparison.Measure, _ title: String, _ view: String)
    -> MeshMeasureWords
  {
    MeshMeasureWords(measure: measure, title: title, view: view)
  }
}
