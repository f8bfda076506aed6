import DocumentReader
import MeshModel

/// Reads `policy.linkerd.io Server`.
enum LinkerdServerDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "policy.linkerd.io", kind: "Server")]

  /// Values of `proxyProtocol`, as the CRD lists them (Linkerd edge-26.8.3).
  private static let protocols = ["unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    var selector = spec.labelSelector("podSelector").map(LinkerdServer.Selector.pods)
    let external = spec.labelSelector("externalWorkloadSelector")
    if selector == nil { selector = external.map(LinkerdServer.Selector.externalWorkloads) }
    let proxyProtocol = spec.string("proxyProtocol")
    let accessPolicy = spec.string("accessPolicy")
    let port = spec.portReference("port")
    spec.reportUnknownFields()
    if selector == nil {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) selects nothing", at: spec.location,
        hint: "set \"podSelector\"; an empty one picks every pod of the namespace")
    }
    if let proxyProtocol, !protocols.contains(proxyProtocol.value) {
      spec.problem(
        "unknown-value", "spec.proxyProtocol is \"\(proxyProtocol.value)\"",
        at: proxyProtocol.location,
        hint: "expected one of \(protocols.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    guard let port else {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) has no port", at: spec.location,
        hint: "set \"port\" to a number or to the name of a container port")
      return
    }
    contents.inventory.linkerd.servers.append(
      LinkerdServer(
        metadata: object.metadata, selector: selector, port: port, proxyProtocol: proxyProtocol,
        accessPolicy: accessPolicy))
  }
}
