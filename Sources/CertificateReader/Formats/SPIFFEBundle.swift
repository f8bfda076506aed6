import DocumentReader
import MeshModel

/// Reads a SPIFFE trust bundle in JWKS (SPIFFE Trust Domain and Bundle, section 4; X509-SVID section
/// 6.1): `spire-server bundle show -format spiffe`, or several under `trust_domains`.
enum SPIFFEBundle {
  static func recognises(_ root: DocumentNode) -> Bool {
    bundles(of: root).contains { bundle in
      bundle.node["spiffe_sequence"] != nil || bundle.node["spiffe_refresh_hint"] != nil
        || bundle.node["keys"]?.items?.contains {
          $0["use"]?.string == "x509-svid" || $0["use"]?.string == "jwt-svid"
        } == true
    }
  }

  private static func bundles(of root: DocumentNode) -> [(trustDomain: String?, node: DocumentNode)]
  {
    if let domains = root["trust_domains"]?.entries {
      return domains.map { ($0.key, $0.value) }
    }
    return [(nil, root)]
  }

  static func read(_ root: DocumentNode, into collector: inout CertificateCollector) {
    for (trustDomain, bundle) in bundles(of: root) {
      for (position, key) in (bundle["keys"]?.items ?? []).enumerated() {
        guard key["use"]?.string == "x509-svid" else { continue }
        read(key, trustDomain, position: position, into: &collector)
      }
    }
  }

  private static func read(
    _ key: DocumentNode, _ trustDomain: String?, position: Int,
    into collector: inout CertificateCollector
  ) {
    let chain = key["x5c"]?.items ?? []
    if chain.count != 1 {
      collector.sink.report(
        .warning, "spiffe-bundle-key",
        "key \(position + 1) has \(chain.count) certificates in \"x5c\"",
        at: key.location, hint: "X509-SVID section 6.1: exactly one")
    }
    if key["kid"] != nil {
      collector.sink.report(
        .warning, "spiffe-bundle-key", "key \(position + 1) has a \"kid\"", at: key.location,
        hint: "X509-SVID section 6.1: keys of use \"x509-svid\" have none")
    }
    // RFC 7518 6.2.2, 6.3.2, 6.4.1: members that hold a private key.
    if key["d"] != nil || key["k"] != nil {
      collector.addPrivateKey(
        .other, isEncrypted: false,
        at: CertificatePlace(source: .spiffeBundle, location: key.location), position: position)
    }
    for item in chain {
      let place = CertificatePlace(
        source: .spiffeBundle, location: item.location, key: "x5c", trustDomain: trustDomain,
        usedAs: .anchor)
      guard let der = item.string.flatMap({ Base64.decoded($0) }), !der.isEmpty else {
        collector.inventory.itemCount += 1
        collector.sink.report(
          .error, "certificate-unreadable", "key \(position + 1): \"x5c\" is not base64",
          at: item.location)
        continue
      }
      collector.addDER(der, at: place, position: position)
    }
  }
}
