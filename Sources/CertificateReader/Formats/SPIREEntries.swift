import DocumentReader
import MeshModel

/// Reads `spire-server entry show -output json` (spire-api-sdk proto/spire/api/types/entry.proto;
/// 64-bit numbers are strings).
enum SPIREEntries {
  static func recognises(_ root: DocumentNode) -> Bool {
    root["entries"]?.items?.contains { $0["spiffe_id"] != nil && $0["parent_id"] != nil } == true
  }

  static func read(_ root: DocumentNode, into collector: inout CertificateCollector) {
    for node in root["entries"]?.items ?? [] {
      collector.inventory.itemCount += 1
      let fields = FieldReader(node, path: "entry", sink: collector.sink)
      guard let spiffeID = id(node["spiffe_id"]) else {
        fields.problem(
          "wrong-type", "a registration entry without \"spiffe_id\"", at: node.location,
          hint: "expected an object with \"trust_domain\" and \"path\"")
        continue
      }
      var entry = SPIRERegistrationEntry(
        id: node["id"]?.string ?? "", spiffeID: spiffeID, parentID: id(node["parent_id"]) ?? "",
        location: node.location)
      entry.selectors = fields.objects("selectors").map {
        "\($0.string("type")?.value ?? ""):\($0.string("value")?.value ?? "")"
      }.sorted()
      // Until SPIRE 1.5 the one lifetime of both kinds was `ttl`.
      entry.x509TTLSeconds = number(node["x509_svid_ttl"] ?? node["ttl"]) ?? 0
      entry.jwtTTLSeconds = number(node["jwt_svid_ttl"]) ?? 0
      entry.federatesWith = fields.strings("federates_with").map(\.value)
      entry.dnsNames = fields.strings("dns_names").map(\.value)
      entry.isAdmin = fields.bool("admin")?.value ?? false
      entry.isDownstream = fields.bool("downstream")?.value ?? false
      entry.createdAt = time(node["created_at"])
      entry.expiresAt = time(node["expires_at"])
      entry.hint = node["hint"]?.string ?? ""
      collector.inventory.registrationEntries.append(entry)
    }
  }

  private static func id(_ node: DocumentNode?) -> String? {
    if let text = node?.string { return text }
    guard let domain = node?["trust_domain"]?.string else { return nil }
    return "spiffe://\(domain)\(node?["path"]?.string ?? "")"
  }

  private static func number(_ node: DocumentNode?) -> Int? {
    node?.scalar.flatMap { Int($0.text) }
  }

  /// 0 is no time.
  private static func time(_ node: DocumentNode?) -> UTCTime? {
    number(node).flatMap { $0 == 0 ? nil : UTCTime(seconds: Int64($0)) }
  }
}
