package import MeshModel

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
  /// `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES`, default false: selector policies also guard
  /// waypoints, at the end of HBONE.
  let layersWaypointPolicies: Bool
  /// `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, default false: ztunnel gets an ALLOW policy for the
  /// waypoints of each workload.
  let allowsWaypointsAutomatically: Bool
  /// `PILOT_ENABLE_AGENTGATEWAY`, default false: without it nothing serves its classes.
  let deploysAgentgateways: Bool
  /// `PILOT_SKIP_VALIDATE_TRUST_DOMAIN`, default false.
  let skipsTrustDomainValidation: Bool
  /// Checks of istiod that its environment can take away, where manifests show istiod or its
  /// installer.
  let checks: [IstiodCheck]
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
    } else if let found = Self.version(of: istiod, container) ?? Self.version(installedBy: config) {
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
    if istiod == nil, config.source != .installer {
      assumptions.append(
        Diagnostic(
          code: "istiod-flags-assumed", severity: .note,
          message: "no manifest shows istiod; its feature flags are taken to be at their defaults",
          hint: "add the istiod Deployment to the inputs"))
    }
    func written(_ name: String) -> String? {
      istiod == nil ? config.pilotEnvironment[name] : container?.environment[name] ?? nil
    }
    func flag(_ name: String, _ standard: Bool) -> Bool {
      // Istio pkg/env reads them with Go's `strconv.ParseBool`, and takes the default otherwise.
      switch written(name) {
      case "1", "t", "T", "TRUE", "true", "True": return true
      case "0", "f", "F", "FALSE", "false", "False": return false
      default: return standard
      }
    }
    allowsSeveralProviders =
      version.namesProviders && flag("PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS", false)
    appliesSelectorsToGateways = flag("ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY", true)
    sendsAmbientDryRun =
      version.hasAmbientDryRun && flag("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", false)
    layersWaypointPolicies =
      version.layersWaypointPolicies
      && flag("ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES", false)
    // Istio pilot/pkg/features/ambient.go `registerAmbient`: ignored unless ambient is enabled.
    allowsWaypointsAutomatically =
      flag("PILOT_ENABLE_AMBIENT", false) && flag("PILOT_AUTO_ALLOW_WAYPOINT_POLICY", false)
    skipsTrustDomainValidation = flag("PILOT_SKIP_VALIDATE_TRUST_DOMAIN", false)
    deploysAgentgateways = flag("PILOT_ENABLE_AGENTGATEWAY", false)
    let isShown = istiod != nil || config.source == .installer
    checks =
      !isShown
      ? []
      : IstiodCheck.standards.map { name, standard in
        let isSwitch = standard == "true" || standard == "false"
        return IstiodCheck(
          name: name,
          value: isSwitch ? "\(flag(name, standard == "true"))" : written(name) ?? standard,
          isDefault: written(name) == nil, location: istiod?.location ?? config.location)
      }
    self.assumptions = assumptions
  }

  private static func version(installedBy config: IstioMeshConfig) -> IstioVersion? {
    config.installedVersion.flatMap { IstioVersion($0.hasPrefix("v") ? $0.dropFirst() : $0[...]) }
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

/// A variable of istiod's environment that takes a check away, with the value that holds.
package struct IstiodCheck: Hashable, Sendable {
  package var name: String
  package var value: String
  package var isDefault: Bool
  package var location: SourceLocation?

  /// Defaults of Istio pilot/pkg/features (docs › Reference › pilot-discovery, environment variables).
  static let standards = [
    ("PILOT_SKIP_VALIDATE_TRUST_DOMAIN", "false"), ("XDS_AUTH", "true"),
    ("PILOT_ENABLE_XDS_IDENTITY_CHECK", "true"),
    ("ISTIO_WORKLOAD_ENTRY_VALIDATE_IDENTITY", "true"),
    ("JWKS_RESOLVER_INSECURE_SKIP_VERIFY", "false"), ("TRUSTED_GATEWAY_CIDR", ""),
  ]
}
