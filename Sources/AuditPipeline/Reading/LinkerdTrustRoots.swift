import MeshModel

/// The trust bundle that Linkerd's injector knows: ConfigMap `linkerd-identity-trust-roots`, key
/// `ca-bundle.crt`.
///
/// The injector writes the SHA-256 of its text to pods (linkerd2 edge-26.8.3, pkg/inject/inject.go,
/// `injectObjectMeta`), the chart that of the value before it was trimmed
/// (charts/partials/templates/_metadata.tpl).
enum LinkerdTrustRoots {
  static func bundle(of configMap: ConfigMap) -> LinkerdTrustBundle? {
    guard configMap.name == "linkerd-identity-trust-roots",
      let text = configMap.data["ca-bundle.crt"]
    else { return nil }
    var bytes = Array(text.value.utf8)
    var digests = [Digest.sha256(bytes)]
    while let last = bytes.last, last == 0x0A || last == 0x20 || last == 0x0D { bytes.removeLast() }
    digests += [Digest.sha256(bytes), Digest.sha256(bytes + [0x0A])]
    return LinkerdTrustBundle(configMap: configMap.reference, digests: digests)
  }
}
