import DocumentReader
import MeshModel

/// Reads what an installer will make a control plane of: the old IstioOperator, the Sail operator's
/// `Istio`, a Flux HelmRelease of the chart istiod.
enum IstioInstallerDecoder: ResourceDecoder {
  static let kinds = [
    ResourceKind(group: "install.istio.io", kind: "IstioOperator"),
    ResourceKind(group: "sailoperator.io", kind: "Istio"),
    ResourceKind(group: "sailoperator.io", kind: "IstioRevision"),
    ResourceKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"),
  ]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let values = spec.object("values")
    let isOperator = object.metadata.reference.kind == kinds[0]
    guard
      let fields = (isOperator ? spec.object("meshConfig") : nil) ?? values?.object("meshConfig")
    else { return }
    var config = IstioMeshConfigReader.config(fields)
    config.source = .installer
    config.revision = [spec.string("revision"), values?.string("revision")]
      .compactMap { $0?.value }.first { !$0.isEmpty && $0 != "default" }
    config.controlPlaneNamespace =
      spec.string("namespace")?.value ?? spec.string("targetNamespace")?.value
      ?? object.metadata.namespace
    config.installedVersion =
      spec.string("version")?.value ?? spec.string("tag")?.value
      ?? values?.object("global")?.string("tag")?.value
    let profile = spec.string("profile")?.value ?? values?.string("profile")?.value
    HelmValues.take(values, profile: profile, into: &config)
    contents.inventory.istio.meshConfigs.append(config)
  }
}

/// Values of the Helm chart istiod, a document of its own without kind.
enum HelmValues {
  /// Whether a document holds values of Istio's chart: a mapping with `meshConfig`.
  static func recognises(_ node: DocumentNode) -> Bool {
    node["kind"] == nil && node["apiVersion"] == nil && node["meshConfig"]?.entries != nil
  }

  static func config(_ node: DocumentNode, sink: DiagnosticSink) -> IstioMeshConfig? {
    let values = FieldReader(node, sink: sink)
    guard let fields = values.object("meshConfig") else { return nil }
    var config = IstioMeshConfigReader.config(fields)
    config.source = .installer
    config.revision = values.string("revision")
      .flatMap { $0.value.isEmpty || $0.value == "default" ? nil : $0.value }
    config.controlPlaneNamespace = values.object("global")?.string("istioNamespace")?.value
    config.installedVersion = values.object("global")?.string("tag")?.value
    take(values, profile: values.string("profile")?.value, into: &config)
    return config
  }

  /// istiod's environment, and what a profile sets besides (Istio manifests/helm-profiles/
  /// `ambient.yaml` and `demo.yaml`).
  static func take(_ values: FieldReader?, profile: String?, into config: inout IstioMeshConfig) {
    if profile == "ambient" { config.pilotEnvironment["PILOT_ENABLE_AMBIENT"] = "true" }
    if profile == "demo", config.writtenFields["accessLogFile"] == nil {
      config.accessLogFile = "/dev/stdout"
    }
    for entry in values?.object("pilot")?.raw("env")?.entries ?? [] {
      config.pilotEnvironment[entry.key] = entry.value.scalar?.text
    }
  }
}
