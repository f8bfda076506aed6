import MeshModel

extension ShapeResolver {
  /// What a line of the Linkerd proxy's means: always the server's side, with the client's identity
  /// when the connection was mutual TLS (linkerd2-proxy linkerd/http/access-log).
  mutating func linkerdMeaning(_ shape: ShapeReader, _ format: LineFormat) -> Meaning {
    var key = key(shape, format)
    let host = shape.text(.authority).map(ServiceHost.init(authority:))
    let target = host.flatMap(target(of:))
    key.destination.workload =
      writingWorkload(shape) ?? target?.workload
    if key.destination.workload == nil { key.destination.host = host?.host }
    key.port = target?.containerPort ?? host?.port
    let remote = shape.text(.remoteAddress).flatMap(SocketAddress.init)
    let known = remote.flatMap { workload(address: $0.address) }
    if let principal = shape.text(.peerSAN) {
      key.source.principal = principal
      key.source.workload = workload(principal: principal)
      if key.source.workload == nil, let known,
        directory.workloadsByPrincipal[principal]?.contains(known) == true
      {
        key.source.workload = known
      }
      key.identitySource = .linkerd
      key.isMTLS = true
    } else {
      key.isMTLS = false
      if let known {
        key.source = ObservedParty(workload: known)
        key.identitySource = .address
      } else if let remote {
        key.source = unknownParty(address: remote.address)
      }
    }
    // Linkerd's policy trusts the path it logs: there is no other.
    key.isPathTrusted = true
    // Decision: the access log does not tell a refusal by the proxy from one by the application, so a
    // 403 is neither use nor denial.
    if shape.codeDigit == 0 || shape.marks.contains(.hasError) { key.outcome = .failed }
    return Meaning(key: key, writer: key.destination.workload)
  }
}
