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
    let wire = wire(
      from: source, principal: request.source.principal, to: destination, port: port,
      isUnknown: request.source.workload != nil)
    var record: DecisionRecord
    if let subject = destination.network, let subjects = subjects(of: request, source) {
      record = network.decision(from: subjects, to: subject, port: wire.port, isTraced: isTraced)
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

  /// Pods that the source may be; nil where the places do not tell.
  private func subjects(of request: AccessRequest, _ source: AccessPlace?)
    -> [NetworkPolicyModel.Subject]?
  {
    if let source { return source.network.map { [$0] } }
    guard request.source.workload == nil, let principal = request.source.principal,
      let subjects = identity(principal)?.subjects, !subjects.isEmpty
    else { return nil }
    return subjects
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
