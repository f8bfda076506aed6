package import AuditModel
import IstioPolicy
import MeshModel

extension AccessModel {
  /// The settings of the meshes that are there: of a mesh without a workload or a resource of its own
  /// nothing is said, not even its defaults.
  package func settings() -> [MeshSetting] { istioSettings() + linkerdSettings() }

  private func istioSettings() -> [MeshSetting] {
    let hasIstio =
      !inventory.istio.meshConfigs.isEmpty || !istio.istiodChecks.isEmpty
      || workloads.contains { $0.layer == .istio }
    guard hasIstio else { return [] }
    let mesh = inventory.istio.meshConfig
    func setting(_ name: String, _ value: String, field: String) -> MeshSetting {
      MeshSetting(
        layer: .istio, name: name, value: value, isDefault: mesh.writtenFields[field] == nil,
        location: mesh.place(of: field))
    }
    return [
      setting("trust_domain", mesh.trustDomain, field: "trustDomain"),
      setting(
        "trust_domain_aliases",
        JSONValue.array(mesh.trustDomainAliases.map(JSONValue.string)).canonicalText,
        field: "trustDomainAliases"),
      setting("root_namespace", mesh.rootNamespace, field: "rootNamespace"),
      setting("access_log_file", mesh.accessLogFile, field: "accessLogFile"),
      setting("auto_mtls", mesh.usesAutoMTLS ? "true" : "false", field: "enableAutoMtls"),
      setting(
        "outbound_traffic_policy", mesh.outboundMode.rawValue, field: "outboundTrafficPolicy"),
      setting(
        "path_normalization", mesh.pathNormalization.rawValue, field: "pathNormalization"),
    ]
      + istio.istiodChecks.map {
        MeshSetting(
          layer: .istio, name: "istiod:\($0.name)", value: $0.value, isDefault: $0.isDefault,
          location: $0.location)
      }
  }

  private func linkerdSettings() -> [MeshSetting] {
    let hasLinkerd =
      !inventory.linkerd.configurations.isEmpty || workloads.contains { $0.layer == .linkerd }
    guard hasLinkerd else { return [] }
    let configuration = inventory.linkerd.configurations.first
    let place = configuration?.valuesLocation
    func written(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }
    func setting(_ name: String, _ written: String?, byDefault value: String) -> MeshSetting {
      MeshSetting(
        layer: .linkerd, name: name, value: written ?? value, isDefault: written == nil,
        location: written == nil ? nil : place)
    }
    // Defaults of the chart `linkerd-control-plane`, values.yaml.
    return [
      setting(
        "trust_domain",
        written(configuration?.identityTrustDomain)
          ?? written(configuration?.clusterDomain), byDefault: "cluster.local"),
      setting(
        "default_inbound_policy", configuration?.defaultInboundPolicy,
        byDefault: "all-unauthenticated"),
      setting(
        "cluster_networks",
        configuration?.clusterNetworks.map { ranges in
          JSONValue.array(ranges.map { .string($0.description) }).canonicalText
        },
        byDefault:
          #"["10.0.0.0/8","100.64.0.0/10","172.16.0.0/12","192.168.0.0/16","fd00::/8"]"#),
      setting(
        "outbound_transport_mode", written(configuration?.outboundTransportMode),
        byDefault: "transport-header"),
      setting(
        "webhook_failure_policy", written(configuration?.webhookFailurePolicy), byDefault: "Ignore"),
      setting("access_log", written(configuration?.accessLog), byDefault: ""),
      setting(
        "issuance_lifetime", written(configuration?.issuanceLifetime), byDefault: "24h0m0s"),
    ]
  }
}
