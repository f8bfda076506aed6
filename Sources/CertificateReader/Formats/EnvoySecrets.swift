import DocumentReader
import MeshModel

/// Reads the secrets of an Envoy: `istioctl proxy-config secret POD -o json` (camelCase) and the
/// SecretsConfigDump inside `/config_dump` (snake_case); envoy.admin.v3.SecretsConfigDump and
/// envoy.extensions.transport_sockets.tls.v3.Secret.
struct EnvoySecrets {
  private static let lists = [
    "dynamicActiveSecrets", "dynamic_active_secrets", "staticSecrets", "static_secrets",
    "dynamicWarmingSecrets", "dynamic_warming_secrets",
  ]
  /// What Envoy prints instead of a private key.
  private static let redacted = Array("[redacted]".utf8)

  private let root: DocumentNode
  private var pod: String?
  private var namespace: String?

  /// - Parameter root: one JSON document of the dump.
  init(_ root: DocumentNode) {
    self.root = root
    readNode()
  }

  static func recognises(_ root: DocumentNode) -> Bool {
    dumps(of: root).contains { dump in lists.contains { dump[$0] != nil } }
  }

  /// The document itself, or the parts of a whole config dump.
  private static func dumps(of root: DocumentNode) -> [DocumentNode] {
    root["configs"]?.items ?? [root]
  }

  func read(into collector: inout CertificateCollector) {
    for dump in Self.dumps(of: root) {
      for list in Self.lists {
        for entry in dump[list]?.items ?? [] {
          read(entry, isWarming: list.lowercased().contains("warming"), into: &collector)
        }
      }
    }
  }

  /// Istio names the proxy `sidecar~10.1.2.3~pod.namespace~namespace.svc.cluster.local`
  /// (Istio pkg/model `Proxy.ServiceNode`); a whole dump carries it in its bootstrap.
  private mutating func readNode() {
    for dump in Self.dumps(of: root) {
      guard let id = dump["bootstrap"]?["node"]?["id"]?.string else { continue }
      let parts = id.split(separator: "~", omittingEmptySubsequences: false)
      guard parts.count == 4, let dot = parts[2].lastIndex(of: ".") else { continue }
      pod = String(parts[2][..<dot])
      namespace = String(parts[2][parts[2].index(after: dot)...])
    }
  }

  private func read(
    _ entry: DocumentNode, isWarming: Bool, into collector: inout CertificateCollector
  ) {
    let secret = entry["secret"]
    let name = entry["name"]?.string ?? secret?["name"]?.string ?? ""
    var place = CertificatePlace(
      source: .envoySecrets, location: entry.location, namespace: namespace, name: name, pod: pod)
    let certificate = secret?["tlsCertificate"] ?? secret?["tls_certificate"]
    let context = secret?["validationContext"] ?? secret?["validation_context"]
    guard !isWarming || certificate != nil || context != nil
    else {
      collector.inventory.itemCount += 1
      collector.sink.report(
        .warning, "secret-not-delivered", "secret \"\(name)\" was asked for and never delivered",
        at: entry.location, hint: "look at the certificate authority's log for this proxy")
      return
    }
    if let certificate {
      place.usedAs = .leaf
      add(
        certificate["certificateChain"] ?? certificate["certificate_chain"], "certificateChain",
        at: place, into: &collector)
      addKey(certificate["privateKey"] ?? certificate["private_key"], at: place, into: &collector)
    }
    guard let context else { return }
    place.usedAs = .anchor
    add(context["trustedCa"] ?? context["trusted_ca"], "trustedCa", at: place, into: &collector)
    let validator = context["customValidatorConfig"] ?? context["custom_validator_config"]
    let config = validator?["typedConfig"] ?? validator?["typed_config"]
    // envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig: one bundle a domain.
    for domain in (config?["trustDomains"] ?? config?["trust_domains"])?.items ?? [] {
      place.trustDomain = domain["name"]?.string
      add(
        domain["trustBundle"] ?? domain["trust_bundle"], "trustBundle", at: place,
        into: &collector)
    }
  }

  private func add(
    _ source: DocumentNode?, _ key: String, at place: CertificatePlace,
    into collector: inout CertificateCollector
  ) {
    guard let source else { return }
    var place = place
    place.key = key
    place.location = source.location
    guard let bytes = Self.bytes(of: source) else {
      collector.inventory.itemCount += 1
      let what = "\"\(key)\" of secret \"\(place.name ?? "")\""
      if source["inlineBytes"] != nil || source["inline_bytes"] != nil {
        collector.sink.report(
          .error, "certificate-unreadable", "\(what) is not base64", at: source.location,
          hint: "export the secrets of the proxy again")
      } else {
        collector.sink.report(
          .warning, "not-evaluated", "\(what) is not inline", at: source.location,
          hint: "give the file it points to as an input of its own")
      }
      return
    }
    if collector.addPEM(bytes, at: place) == 0 {
      collector.addDER(bytes, at: place, position: 0)
    }
  }

  private func addKey(
    _ source: DocumentNode?, at place: CertificatePlace,
    into collector: inout CertificateCollector
  ) {
    guard let source, let bytes = Self.bytes(of: source), !bytes.isEmpty, bytes != Self.redacted
    else { return }
    var place = place
    place.key = "privateKey"
    place.location = source.location
    if collector.addPEM(bytes, at: place) == 0 {
      collector.addPrivateKey(.other, isEncrypted: false, at: place, position: 0)
    }
  }

  /// The bytes of an inline envoy.config.core.v3.DataSource.
  private static func bytes(of source: DocumentNode) -> [UInt8]? {
    if let text = (source["inlineBytes"] ?? source["inline_bytes"])?.string {
      return Base64.decoded(text)
    }
    return (source["inlineString"] ?? source["inline_string"])?.string.map { Array($0.utf8) }
  }
}
