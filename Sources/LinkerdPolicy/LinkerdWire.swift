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
    if settings.usesTransportHeader || destination.opaquePorts.contains(port) {
      return LinkerdWire(
        port: destination.inboundProxyPort ?? settings.proxyInboundPort, carriesIdentity: true,
        reason: "meshed traffic goes to the proxy's port")
    }
    return LinkerdWire(
      port: port, carriesIdentity: true, reason: "outboundTransportMode is transparent")
  }

  /// The client takes the port for opaque, so that a connection through the proxy's port is TCP for
  /// policy even where the server would detect HTTP (linkerd2-proxy v2.366.0,
  /// app/inbound/src/direct.rs).
  package func isOpaqueForClients(_ workload: WorkloadID, port: Int) -> Bool {
    guard let pod = pods[workload] else { return false }
    if let index = serversByPort[workload]?[port]?.first {
      return servers[index].wireProtocol == .opaque || pod.opaquePorts.contains(port)
    }
    return pod.opaquePorts.contains(port)
  }
}
