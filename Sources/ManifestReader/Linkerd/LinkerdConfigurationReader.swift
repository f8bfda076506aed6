import DocumentReader
import MeshModel

/// Reads the Helm values out of `ConfigMap linkerd-config`, key `values`.
///
/// Places inside the values are those of the key: the text is a document of its own.
enum LinkerdConfigurationReader {
  /// The configuration, when this ConfigMap is one.
  static func configuration(
    metadata: ResourceMetadata, data: [String: Located<String>], sink: DiagnosticSink
  ) -> LinkerdConfiguration? {
    guard metadata.name == "linkerd-config", let text = data["values"] else { return nil }
    let inner = DiagnosticSink()
    let documents = YAMLDocuments.read(
      text.value, path: metadata.location.path, into: inner)
    for problem in inner.diagnostics {
      sink.report(
        problem.severity, problem.code, "in linkerd-config values: \(problem.message)",
        at: text.location, hint: problem.hint)
    }
    guard let document = documents.first, document.entries != nil else {
      sink.report(
        .error, "unreadable-values", "\(metadata.reference.text) holds no readable values",
        at: text.location, hint: "expected the chart's values as YAML under \"values\"")
      return nil
    }
    return read(document, metadata: metadata, at: text.location, sink: sink)
  }

  private static func read(
    _ document: DocumentNode, metadata: ResourceMetadata, at location: SourceLocation,
    sink: DiagnosticSink
  ) -> LinkerdConfiguration {
    var result = LinkerdConfiguration(metadata: metadata, valuesLocation: location)
    func scalar(_ path: String...) -> String? {
      var node: DocumentNode? = document
      for name in path { node = node?[name] }
      guard let node, !node.isNull else { return nil }
      return node.scalar?.text
    }
    func ranges(_ texts: [String], _ name: String) -> [AddressRange] {
      texts.compactMap { text in
        if let range = AddressRange(text) { return range }
        sink.report(
          .error, "bad-address", "\(name) in linkerd-config holds \"\(text)\"", at: location,
          hint: "expected a CIDR such as \"10.0.0.0/8\"")
        return nil
      }
    }
    result.linkerdVersion = scalar("linkerdVersion")
    result.clusterDomain = scalar("clusterDomain")
    result.identityTrustDomain = scalar("identityTrustDomain")
    result.defaultInboundPolicy = scalar("proxy", "defaultInboundPolicy")
    result.outboundTransportMode = scalar("proxy", "outboundTransportMode")
    result.opaquePorts = scalar("proxy", "opaquePorts")
    result.accessLog = scalar("proxy", "accessLog")
    result.proxyInboundPort = scalar("proxy", "ports", "inbound").flatMap { Int($0) }
    result.ignoredInboundPorts = scalar("proxyInit", "ignoreInboundPorts")
    result.ignoredOutboundPorts = scalar("proxyInit", "ignoreOutboundPorts")
    result.webhookFailurePolicy = scalar("webhookFailurePolicy")
    result.issuerScheme = scalar("identity", "issuer", "scheme")
    result.issuanceLifetime = scalar("identity", "issuer", "issuanceLifetime")
    result.trustAnchorsPEM = scalar("identityTrustAnchorsPEM").map { Located($0, at: location) }
    result.clusterNetworks = scalar("clusterNetworks").map { text in
      ranges(AddressListText.split(text), "clusterNetworks")
    }
    // The chart passes the list joined with commas, and no flag for an empty list or null: then the
    // controller knows no probe networks (charts/linkerd-control-plane/templates/destination.yaml).
    if let networks = document["policyController"]?["probeNetworks"] {
      let texts =
        networks.isNull
        ? [] : networks.items?.compactMap(\.scalar?.text) ?? [networks.scalar?.text ?? ""]
      result.probeNetworks = ranges(
        texts.flatMap(AddressListText.split), "policyController.probeNetworks")
    }
    return result
  }
}

/// Splits `10.0.0.0/8,192.168.0.0/16`.
enum AddressListText {
  static func split(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
