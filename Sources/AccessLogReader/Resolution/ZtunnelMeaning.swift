import MeshModel

extension ShapeResolver {
  /// What a line of ztunnel's means (spec istio 6.4): one line a connection and side, identities under
  /// mutual TLS only.
  mutating func ztunnelMeaning(_ shape: ShapeReader, _ format: LineFormat) -> Meaning {
    var key = key(shape, format)
    key.protocolName = "tcp"
    key.responseClass = "tcp"
    key.side = shape.marks.contains(.isOutbound) ? .client : .server
    let local = shape.text(.localAddress).flatMap(SocketAddress.init)
    let remote = shape.text(.remoteAddress).flatMap(SocketAddress.init)
    let service = shape.text(.service).map { ServiceHost(host: $0, port: local?.port) }

    let source = ShapeResolver.principal(shape.text(.peerSAN))
    let sourcePod = workload(pod: shape.text(.sourcePod))
    let sourceAddress = remote.flatMap { workload(address: $0.address) }
    key.source = ObservedParty(
      principal: source, workload: sourcePod ?? sourceAddress ?? workload(principal: source))
    if source != nil {
      key.identitySource = .ztunnel
    } else if key.source.workload != nil {
      key.identitySource = .address
    } else if let remote {
      key.source = unknownParty(address: remote.address)
    }

    let destination = ShapeResolver.principal(shape.text(.localSAN))
    key.destination = ObservedParty(
      principal: destination,
      workload: workload(pod: shape.text(.destinationPod))
        ?? local.flatMap { workload(address: $0.address) } ?? workload(principal: destination)
        ?? service.flatMap(target(of:))?.workload)
    if key.destination.workload == nil { key.destination.host = service?.host ?? local?.address }
    key.port = local?.port
    // Identities are logged only when the connection policy is mutual TLS (ztunnel
    // src/proxy/metrics.rs).
    key.isMTLS = source != nil || destination != nil

    if let text = shape.text(.termination) {
      key.outcome = .denied
      if let range = text.firstRange(of: "explicitly denied by: ") {
        key.deniedBy = String(text[range.upperBound...])
      }
    } else if shape.marks.contains(.hasError) {
      key.outcome = .failed
    }
    let writer = key.side == .server ? key.destination.workload : key.source.workload
    return Meaning(key: key, writer: writer)
  }
}
