import DocumentReader
import MeshModel

/// Reads Istio `EnvoyFilter`: where it applies and what it touches.
enum IstioEnvoyFilterDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("EnvoyFilter")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    var touches: [Located<String>] = []
    var contexts: [String] = []
    for patch in spec.objects("configPatches") {
      guard let target = patch.string("applyTo") else { continue }
      let match = patch.object("match")
      contexts.append(match?.string("context")?.value ?? "ANY")
      let chain = match?.object("listener")?.object("filterChain")?.object("filter")
      let names = [
        chain?.string("name")?.value, chain?.object("subFilter")?.string("name")?.value,
        patch.object("patch")?.object("value")?.string("name")?.value,
      ].compactMap { $0 }
      let text = ([target.value] + names).joined(separator: " ")
      touches.append(Located(text, at: target.location))
    }
    var attachment = IstioAttachmentReader.attachment(spec)
    attachment.selector = IstioAttachmentReader.selector(
      spec, "workloadSelector", labels: "labels")
    spec.ignore("priority")
    spec.reportUnknownFields()
    contents.inventory.istio.envoyFilters.append(
      IstioProxyExtension(
        metadata: object.metadata, attachment: attachment, touches: touches, contexts: contexts))
  }
}

/// Reads Istio `WasmPlugin`: where it applies and in which phase.
enum IstioWasmPluginDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "extensions.istio.io", kind: "WasmPlugin")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let phase = spec.string("phase") ?? Located("UNSPECIFIED_PHASE", at: spec.location)
    contents.inventory.istio.wasmPlugins.append(
      IstioProxyExtension(
        metadata: object.metadata, attachment: IstioAttachmentReader.attachment(spec),
        touches: [phase]))
  }
}

/// Reads Istio `ProxyConfig`.
enum IstioProxyConfigDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("ProxyConfig")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    contents.inventory.istio.proxyConfigs.append(
      IstioProxyConfig(
        metadata: object.metadata, selector: IstioAttachmentReader.selector(spec, "selector"),
        environment: spec.stringMap("environmentVariables"),
        imageType: spec.object("image")?.string("imageType")?.value))
    spec.ignore("concurrency")
    spec.reportUnknownFields()
  }
}
