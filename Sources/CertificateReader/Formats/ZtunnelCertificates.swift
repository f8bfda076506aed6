import DocumentReader
import MeshModel

/// Reads the certificates that a ztunnel holds for its workloads:
/// `istioctl ztunnel-config certificates -o json` (a list) and `/config_dump` (under `certificates`);
/// ztunnel src/identity and Istio istioctl/pkg/writer/ztunnel.
enum ZtunnelCertificates {
  static func recognises(_ root: DocumentNode) -> Bool {
    entries(of: root).contains {
      $0["identity"] != nil && ($0["certChain"] ?? $0["cert_chain"] ?? $0["state"]) != nil
    }
  }

  private static func entries(of root: DocumentNode) -> [DocumentNode] {
    root["certificates"]?.items ?? root.items ?? []
  }

  static func read(_ root: DocumentNode, into collector: inout CertificateCollector) {
    for entry in entries(of: root) {
      let identity = entry["identity"]?.string
      var place = CertificatePlace(
        source: .ztunnel, location: entry.location,
        namespace: identity.flatMap { SPIFFEID($0)?.istioServiceAccount?.namespace },
        name: identity, usedAs: .leaf)
      let chain = (entry["certChain"] ?? entry["cert_chain"])?.items ?? []
      if chain.isEmpty {
        collector.inventory.itemCount += 1
        collector.sink.report(
          .warning, "secret-not-delivered",
          "\"\(identity ?? "")\" has no certificate, state \"\(entry["state"]?.string ?? "unknown")\"",
          at: entry.location)
      }
      for (position, item) in chain.enumerated() {
        add(item, at: place, position: position, into: &collector)
      }
      place.usedAs = .anchor
      for name in ["rootCertificates", "rootCerts", "rootCert", "root_certs", "caCert", "ca_cert"] {
        guard let node = entry[name] else { continue }
        for (position, item) in (node.items ?? [node]).enumerated() {
          add(item, at: place, position: position, into: &collector)
        }
      }
    }
  }

  private static func add(
    _ item: DocumentNode, at place: CertificatePlace, position: Int,
    into collector: inout CertificateCollector
  ) {
    var place = place
    place.location = item.location
    if let text = item["pem"]?.string ?? item.string {
      let bytes = Array(text.utf8)
      if let der = ChainItem.der(in: PEMScanner.hasBlock(in: bytes) ? bytes : Base64.decoded(text))
      {
        collector.addDER(der, at: place, position: position)
        return
      }
    }
    var facts = RecordFacts.make()
    facts.serial = (item["serialNumber"] ?? item["serial_number"])?.string.flatMap {
      RecordFacts.serial(decimal: $0)
    }
    facts.notBefore = (item["validFrom"] ?? item["valid_from"])?.string.flatMap { UTCTime($0) }
    facts.notAfter = (item["expirationTime"] ?? item["expiration_time"])?.string.flatMap {
      UTCTime($0)
    }
    if position == 0, place.usedAs == .leaf, let identity = place.name {
      facts.subjectAlternativeNames = [.init(.uri, identity)]
    }
    guard facts.serial != nil || facts.notAfter != nil else {
      collector.inventory.itemCount += 1
      collector.sink.report(
        .error, "certificate-unreadable", "a certificate of \"\(place.name ?? "")\" has no content",
        at: item.location)
      return
    }
    collector.inventory.itemCount += 1
    collector.append(RecordFacts.named(facts), der: nil, at: place, position: position)
  }
}

/// One certificate as dumps write it: PEM, or bytes that are PEM or DER.
enum ChainItem {
  static func der(in bytes: [UInt8]?) -> [UInt8]? {
    guard let bytes, !bytes.isEmpty else { return nil }
    var scanner = PEMScanner(bytes)
    while let block = scanner.next() {
      if block.label == "CERTIFICATE", !block.content.isEmpty { return block.content }
    }
    return bytes.first == 0x30 ? bytes : nil
  }
}
