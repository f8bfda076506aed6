import KubernetesPolicy
import MeshModel

extension AccessModel {
  /// The NetworkPolicy layer's answer to a request, on the port that is on the wire.
  func networkDecision(
    for request: AccessRequest, from source: AccessPlace?, to destination: AccessPlace?,
    isTraced: Bool
  ) -> DecisionRecord {
    guard let destination, let port = request.destination.port else {
      return network.decision(for: outside(request, source, destination), isTraced: isTraced)
    }
    // Of a caller that shows an identity only, those who carry it.
    let carriers =
      source == nil && request.source.workload == nil
      ? request.source.principal.flatMap { identity($0) } : nil
    let wire = wire(
      from: source ?? carriers?.places.first, principal: request.source.principal, to: destination,
      port: port, isUnknown: true)
    var record: DecisionRecord
    if let subject = destination.network, let carriers, carriers.subjects.count > 1 {
      record = network.decision(
        from: carriers.subjects, to: subject, port: wire.port, isTraced: isTraced)
    } else if let subject = destination.network,
      let caller = source?.network ?? carriers?.subjects.first
    {
      record = network.decision(from: caller, to: subject, port: wire.port, isTraced: isTraced)
    } else {
      var request = outside(request, source, destination)
      request.destination.port = wire.port
      record = network.decision(for: request, isTraced: isTraced)
    }
    if isTraced, let reason = wire.reason {
      record.trace.insert(
        TraceStep(.info, "on the wire port \(port) is port \(wire.port): \(reason)"), at: 0)
    }
    return record
  }

  /// The request with ends outside the cluster (ExternalWorkloads) as the addresses that network
  /// policies see.
  private func outside(
    _ request: AccessRequest, _ source: AccessPlace?, _ destination: AccessPlace?
  ) -> AccessRequest {
    var request = request
    if let source, let address = source.outsideAddress {
      request.source = .init(ip: request.source.ip ?? address)
    }
    if let destination, let address = destination.outsideAddress {
      request.destination.workload = nil
      request.destination.ip = request.destination.ip ?? address
    }
    return request
  }
}
