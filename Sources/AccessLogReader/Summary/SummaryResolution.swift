package import MeshModel

extension AccessLogResult {
  /// The same traffic with what the manifests know: for a summary that was made without them.
  ///
  /// Resolved are identities, addresses of pods, and services where the caller's own proxy chose them;
  /// a server's line names the service only by the host that the caller sent, which is no evidence
  /// (spec access-logs 1.3), except for Linkerd, whose log has nothing better. Addresses that stay
  /// unknown are kept as the options say. What is resolved already is left as it is.
  package func resolved(in directory: TrafficDirectory) -> AccessLogResult {
    let resolver = ShapeResolver(
      directory: directory, owner: nil, unknownAddress: options.unknownAddress)
    var result = self
    result.rename(resolver.resolved)
    result.counts.unknownSources = 0
    result.counts.unknownDestinations = 0
    for (key, sum) in result.requests {
      if key.source.principal == nil, key.source.workload == nil {
        result.counts.unknownSources += sum.count
      }
      if key.destination.workload == nil { result.counts.unknownDestinations += sum.count }
    }
    return result
  }
}

extension ShapeResolver {
  /// A key of a summary with what the directory knows.
  fileprivate func resolved(_ key: ObservedRequestKey) -> ObservedRequestKey {
    var key = key
    if key.source.workload == nil {
      if key.source.principal != nil {
        key.source.workload = workload(principal: key.source.principal)
      } else if let host = key.source.host, let address = IPAddress(host) {
        if let known = workload(address: address.description) {
          key.source = ObservedParty(workload: known)
          if key.identitySource == .none || key.identitySource == .clusterName {
            key.identitySource = .address
          }
        } else {
          key.source = unknownParty(address: host)
        }
      }
    }
    guard key.destination.workload == nil else { return key }
    if let known = workload(principal: key.destination.principal) {
      key.destination.workload = known
    } else if let host = key.destination.host {
      if let address = IPAddress(host) {
        key.destination.workload = workload(address: address.description)
      } else if key.side == .client || key.format.hasPrefix("linkerd"),
        let target = target(of: ServiceHost(host: host, port: key.port))
      {
        key.destination.workload = target.workload
        key.port = target.containerPort
      }
    }
    if key.destination.workload != nil { key.destination.host = nil }
    return key
  }
}
