package import MeshModel

/// How a connection to a meshed workload travels: the port that network policies see, and whether
/// the destination's proxy sees an identity.
package struct LinkerdWire: Hashable, Sendable {
  /// The destination port of the packets.
  package var port: Int
  /// Both proxies take part, so the destination learns the source's identity.
  package var carriesIdentity: Bool
  /// One clause that says why.
  package var reason: String
}

extension LinkerdMesh {
  /// The port of a pod's proxy that meshed traffic goes to.
  func inboundProxyPort(of pod: LinkerdPod) -> Int {
    pod.inboundProxyPort ?? settings.proxyInboundPort
  }

  /// The annotation `skip-outbound-ports` that counts for a workload's pods; empty without one.
  package func skippedOutboundPorts(of workload: WorkloadID) -> String {
    pods[workload]?.annotations["config.linkerd.io/skip-outbound-ports"] ?? ""
  }

  /// How a connection from a source to a container port travels.
  ///
  /// Between meshed pods of one control plane everything goes to the proxy's port 4143 with the
  /// real port in a header (linkerd2 #13715, `outboundTransportMode: transport-header`); in mode
  /// `transparent` only opaque ports do. Ports that either side skips stay as they are.
  ///
  /// - Parameters:
  ///   - source: nil for a client that no manifest describes.
  ///   - showsIdentity: of a client that no manifest describes: it shows an identity, so it is meshed.
  ///   - servicePort: the port that the client dials, where it differs from the container's:
  ///     `skip-outbound-ports` names that one.
  package func wire(
    from source: PreparedLinkerdPod?, to destination: PreparedLinkerdPod, port: Int,
    servicePort: Int? = nil, showsIdentity: Bool = false
  ) -> LinkerdWire {
    guard destination.isMeshed else {
      return LinkerdWire(
        port: port, carriesIdentity: false, reason: "the destination is not meshed")
    }
    guard source?.isMeshed ?? showsIdentity else {
      return LinkerdWire(port: port, carriesIdentity: false, reason: "the source is not meshed")
    }
    if destination.skipsInbound(port) {
      return LinkerdWire(
        port: port, carriesIdentity: false, reason: "the destination skips inbound port \(port)")
    }
    let dialled = servicePort ?? port
    if let source, source.skippedOutboundPorts.contains(dialled) {
      return LinkerdWire(
        port: port, carriesIdentity: false, reason: "the source skips outbound port \(dialled)")
    }
    if settings.usesTransportHeader || destination.isOpaqueForClients(port) {
      return LinkerdWire(
        port: destination.inboundProxyPort ?? settings.proxyInboundPort, carriesIdentity: true,
        reason: "meshed traffic goes to the proxy's port")
    }
    return LinkerdWire(
      port: port, carriesIdentity: true, reason: "outboundTransportMode is transparent")
  }

  /// Whether the client's proxy sends a connection as TCP, so that policy sees no HTTP.
  ///
  /// The pod's annotation, an opaque Server and the annotation of the Service that the client dials make it
  /// take the port for opaque; the header that goes before the connection to the proxy's port then names
  /// no HTTP version, even where the server would detect HTTP (linkerd2-proxy v2.366.0,
  /// app/outbound/src/sidecar.rs and app/inbound/src/direct.rs). A request that names its caller by
  /// identity alone is taken as it says: it may have been seen at the server.
  ///
  /// - Parameter host: the request's, which may tell the Service.
  func isSentAsTCP(
    _ source: PreparedLinkerdPod?, to destination: PreparedLinkerdPod, port: Int, host: String?
  ) -> Certainty {
    guard let source, source.isMeshed, !source.skippedOutboundPorts.contains(port) else {
      return .no
    }
    if destination.isOpaqueForClients(port) { return .yes }
    guard let services = destination.opaqueServices[port] else { return .no }
    let named = services.filter { $0.isNamed(by: host, from: source.pod.id.namespace) }
    let dialled = named.isEmpty ? services : named
    if dialled.allSatisfy(\.isOpaque) { return .yes }
    guard let opaque = dialled.first(where: \.isOpaque),
      let other = dialled.first(where: { !$0.isOpaque })
    else { return .no }
    return .unknown(
      "clients take port \(port) for opaque as port \(opaque.port) of \(opaque.service.text) and not as "
        + "port \(other.port) of \(other.service.text)")
  }
}

extension LinkerdServicePort {
  /// Whether a request's host is this port of this Service: `web`, `web.agents`, `web.agents.svc…`, with
  /// or without the port.
  fileprivate func isNamed(by host: String?, from namespace: String) -> Bool {
    guard let host else { return false }
    let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, Int(parts[1]) != port { return false }
    let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard labels[0] == service.name else { return false }
    return labels.count == 1
      ? namespace == service.namespace
      : labels[1] == service.namespace && (labels.count == 2 || labels[2] == "svc")
  }
}
