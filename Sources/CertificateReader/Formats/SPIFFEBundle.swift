import DocumentReader
import MeshModel

/// Reads a SPIFFE trust bundle in JWKS (SPIFFE Trust Domain and Bundle, section 4; X509-SVID and JWT-SVID,
/// section 6.1): `spire-server bundle show -format spiffe`, or several under `trust_domains`.
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

  /// - Parameters:
  ///   - trustDomain: of a bundle that does not say whose it is.
  ///   - location: of a bundle inside another document.
  static func read(
    _ root: DocumentNode, of trustDomain: String? = nil, at location: SourceLocation? = nil,
    into collector: inout CertificateCollector
  ) {
    for bundle in bundles(of: root) {
      for (position, node) in (bundle.node["keys"]?.items ?? []).enumerated() {
        let key = TrustBundleKey(
          trustDomain: bundle.trustDomain ?? trustDomain, use: node["use"]?.string,
          keyID: node["kid"]?.string, keyType: node["kty"]?.string,
          certificateCount: node["x5c"]?.items?.count ?? 0, position: position,
          location: location ?? node.location)
        read(node, key, into: &collector)
      }
    }
  }

  private static func read(
    _ node: DocumentNode, _ key: TrustBundleKey, into collector: inout CertificateCollector
  ) {
    collector.inventory.bundleKeys.append(key)
    for defect in key.defects where key.use != nil { report(defect, of: key, into: &collector) }
    // RFC 7518 6.2.2, 6.3.2, 6.4.1: members that hold a private key.
    if node["d"] != nil || node["k"] != nil {
      collector.addPrivateKey(
        .other, isEncrypted: false,
        at: CertificatePlace(source: .spiffeBundle, location: key.location), position: key.position)
    }
    guard key.use == "x509-svid" else {
      collector.inventory.itemCount += 1
      return
    }
    for item in node["x5c"]?.items ?? [] {
      let place = CertificatePlace(
        source: .spiffeBundle,
        location: key.location == node.location ? item.location : key.location,
        key: "x5c", trustDomain: key.trustDomain, usedAs: .anchor)
      guard let der = item.string.flatMap({ Base64.decoded($0) }), !der.isEmpty else {
        collector.inventory.itemCount += 1
        collector.sink.report(
          .error, "certificate-unreadable", "key \(key.position + 1): \"x5c\" is not base64",
          at: place.location)
        continue
      }
      collector.addDER(der, at: place, position: key.position)
    }
  }

  private static func report(
    _ defect: TrustBundleKey.Defect, of key: TrustBundleKey,
    into collector: inout CertificateCollector
  ) {
    let (text, hint) =
      switch defect {
      case .certificateCount:
        (
          "has \(key.certificateCount) certificates in \"x5c\"",
          "X509-SVID section 6.1: exactly one"
        )
      case .keyIDPresent:
        ("has a \"kid\"", "X509-SVID section 6.1: keys of use \"x509-svid\" have none")
      case .keyIDMissing:
        ("has no \"kid\"", "JWT-SVID section 6.1: keys of use \"jwt-svid\" have one")
      case .useUnknown:
        (
          "is for \"\(key.use ?? "")\"",
          "SPIFFE Trust Domain and Bundle 4.2.2: \"x509-svid\" or \"jwt-svid\""
        )
      }
    collector.sink.report(
      .warning, "spiffe-bundle-key", "key \(key.position + 1) \(text)", at: key.location,
      hint: hint)
  }
}
