package import AuditModel
import MeshModel

extension AccessModel {
  /// Who may call the stop endpoint that an AI system declares, at every port of its workload that takes
  /// HTTP: each source of the access graph, and oversight principals that no workload carries.
  ///
  /// Sources of one class of the graph are decided once: every policy answers them alike.
  package func stopPaths(of register: AIRegister, in graph: AccessGraph) -> [StopPathFact] {
    register.systems.flatMap { system -> [StopPathFact] in
      guard let endpoint = StopEndpoint(system) else { return [] }
      let carried = Set(workloads.compactMap(\.principal))
      let identities = system.oversightPrincipals.filter { !carried.contains($0) }
      return ports(takingHTTPAt: endpoint).flatMap { port in
        graph.sourceClasses.flatMap { members -> [StopPathFact] in
          guard let first = members.first else { return [] }
          let record = decision(on: endpoint, at: port, from: first)
          return members.map {
            fact(of: system, kind: $0.kind.rawValue, name: $0.name, source: $0, port, record)
          }
        }
          + identities.map { principal in
            let source = AccessGraph.Source(kind: .workload, principal: principal)
            return fact(
              of: system, kind: "identity", name: principal, source: source, port,
              decision(on: endpoint, at: port, from: source))
          }
      }
    }
  }

  private func fact(
    of system: AISystem, kind: String, name: String, source: AccessGraph.Source,
    _ destination: AccessGraph.Destination, _ record: DecisionRecord
  ) -> StopPathFact {
    StopPathFact(
      systemID: system.id, sourceKind: kind, source: name, principal: source.principal,
      workload: source.workload,
      isOverseer: source.principal.map(system.oversightPrincipals.contains) ?? false,
      port: destination.port,
      decision: record.decision, decidedBy: record.decidedBy, reason: record.reason)
  }

  /// Declared ports but those that are known to carry something else.
  private func ports(takingHTTPAt endpoint: StopEndpoint) -> [AccessGraph.Destination] {
    let other: Set<String> = ["tcp", "tls", "opaque"]
    return portFacts().filter {
      $0.workload.namespace == endpoint.namespace && $0.workload.name == endpoint.name
        && !($0.protocolName.map(other.contains) ?? false)
    }.map { AccessGraph.Destination(workload: $0.workload, port: $0.port) }
      .sorted { ($0.workload, $0.port) < ($1.workload, $1.port) }
  }

  /// What is not allowed is unknown where the policies look at hosts or conditions that an endpoint does
  /// not say.
  private func decision(
    on endpoint: StopEndpoint, at destination: AccessGraph.Destination,
    from source: AccessGraph.Source
  ) -> DecisionRecord {
    let address = source.kind == .outside ? AccessModel.outsideAddress : nil
    let peer = PeerProfile(
      principal: source.principal, workload: source.workload, ip: address)
    let reach = reach(from: peer, to: destination.workload, port: destination.port)
    let record = decision(
      for: AccessRequest(
        source: .init(
          principal: source.workload == nil ? source.principal : nil, workload: source.workload,
          ip: address),
        destination: .init(
          workload: destination.workload, port: destination.port, applicationProtocol: .http),
        http: .init(method: endpoint.method, path: endpoint.path)))
    let looksFurther = reach.operations.contains { set in
      !set.hosts.isEmpty || !set.conditions.allSatisfy(AccessModel.isLogged)
    }
    guard reach.outcome == .partial, looksFurther, record.decision == .deny else { return record }
    return DecisionRecord(
      .unknown, reason: "the policies look at hosts or conditions that the endpoint does not say",
      layer: record.layer)
  }
}

/// The stop endpoint of an AI system, as its entry in the register declares it.
struct StopEndpoint {
  let namespace: String
  let name: String
  let method: String
  let path: String

  /// Nil where the entry declares none, or one that could not be read and was reported.
  init?(_ system: AISystem) {
    guard let stop = system.entry["oversight"]?["stop"],
      let workload = stop["workload"]?.stringValue?.split(separator: "/"), workload.count == 2,
      let request = stop["endpoint"]?.stringValue?.split(separator: " "), request.count == 2
    else { return nil }
    namespace = String(workload[0])
    name = String(workload[1])
    method = String(request[0])
    path = String(request[1])
  }
}
