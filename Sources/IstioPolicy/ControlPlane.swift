import MeshModel

/// What the caller knows better than the manifests.
package struct IstioOptions: Sendable {
  /// Overrides the release that the manifests show.
  package var version: IstioVersion?

  package init(version: IstioVersion? = nil) { self.version = version }
}

/// The control plane as the manifests show it: its release and the switches that change decisions.
struct ControlPlane: Sendable {
  let version: IstioVersion
  /// `PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`, default false.
  let allowsSeveralProviders: Bool
  /// `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY`, default true.
  let appliesSelectorsToGateways: Bool
  /// `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY`, default false.
  let sendsAmbientDryRun: Bool
  let assumptions: [Diagnostic]

  init(_ inventory: MeshInventory, options: IstioOptions, config: IstioMeshConfig) {
    let istiod = inventory.workloads.first {
      $0.podLabels["app"] == "istiod" || $0.template.containers.contains { $0.name == "discovery" }
    }
    let container =
      istiod?.template.containers.first { $0.name == "discovery" }
      ?? istiod?.template.containers.first
    var assumptions: [Diagnostic] = []
    if let version = options.version {
      self.version = version
    } else if let found = Self.version(of: istiod, container) {
      version = found
    } else {
      version = .newest
      assumptions.append(
        Diagnostic(
          code: "istio-version-assumed", severity: .note,
          message:
            "no manifest shows the release of istiod; Istio \(IstioVersion.newest) is assumed",
          hint: "add the istiod Deployment to the inputs, or give --istio-version"))
    }
    if config.source == .defaults {
      assumptions.append(
        Diagnostic(
          code: "istio-mesh-config-assumed", severity: .note,
          message:
            "no MeshConfig among the inputs; Istio's defaults are assumed, with trust domain "
            + "\"\(config.trustDomain)\" and root namespace \"\(config.rootNamespace)\"",
          hint: "add the ConfigMap \"istio\" of the control plane to the inputs"))
    }
    if istiod == nil {
      assumptions.append(
        Diagnostic(
          code: "istiod-flags-assumed", severity: .note,
          message: "no manifest shows istiod; its feature flags are taken to be at their defaults",
          hint: "add the istiod Deployment to the inputs"))
    }
    func flag(_ name: String, _ standard: Bool) -> Bool {
      guard let value = container?.environment[name] ?? nil else { return standard }
      return value == "true" || value == "1" ? true : value == "false" ? false : standard
    }
    allowsSeveralProviders =
      version.namesProviders && flag("PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS", false)
    appliesSelectorsToGateways = flag("ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY", true)
    sendsAmbientDryRun =
      version.hasAmbientDryRun && flag("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", false)
    self.assumptions = assumptions
  }

  /// From the image tag, else from labels.
  private static func version(of istiod: Workload?, _ container: Container?) -> IstioVersion? {
    guard let istiod else { return nil }
    if let image = container?.image {
      let name = image.split(separator: "@").first ?? ""
      if let tag = name.split(separator: ":").last, let version = IstioVersion(tag) {
        return version
      }
    }
    return [
      istiod.podLabels["app.kubernetes.io/version"], istiod.labels["app.kubernetes.io/version"],
      istiod.labels["operator.istio.io/version"],
    ].compactMap { $0 }.lazy.compactMap { IstioVersion($0) }.first
  }
}
