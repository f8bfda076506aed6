import MeshModel

/// Distinct requests that the benchmark asks in turn.
enum Requests {
  private static let methods = ["GET", "POST", "DELETE"]

  /// Any caller to any workload, one in fifty without identity: most are refused.
  static func mixed(_ count: Int, random: inout SeededRandom) -> [AccessRequest] {
    (0..<count).map { number in
      AccessRequest(
        source: .init(
          principal: number % 50 == 0
            ? nil : "spiffe://cluster.local/ns/team-\(random.next(100))/sa/svc-\(random.next(20))",
          ip: IPAddress("10.1.2.3"), remoteIP: IPAddress("10.1.2.3")),
        destination: .init(
          workload: WorkloadID(
            namespace: "team-\(random.next(100))", name: "svc-\(random.next(20))"), port: 8080,
          applicationProtocol: .http, ip: IPAddress("10.2.3.4")),
        sni: "outbound_.80_._.svc.team.svc.cluster.local",
        http: .init(
          method: methods[random.next(3)], host: "svc.team:80",
          path: "/v\(random.next(4))/items/42", headers: ["user-agent": "bench"]))
    }
  }

  /// Each is made to match a rule of some policy: every list is walked to its end or to a match.
  static func granted(
    _ count: Int, of policies: [IstioAuthorizationPolicy], random: inout SeededRandom
  ) -> [AccessRequest] {
    mixed(count, random: &random).map { request in
      var request = request
      let policy = policies[random.next(policies.count)]
      request.destination.workload = WorkloadID(
        namespace: policy.namespace,
        name: policy.attachment.selector?.matchLabels["app"] ?? "svc-1")
      let source = policy.rules[0].sources[0].terms[0]
      let value = source.values[0].value
      request.source.principal =
        source.field == .principals
        ? "spiffe://\(value)" : "spiffe://cluster.local/ns/\(value)/sa/x"
      let path = policy.rules[0].operations[0].terms[1].values[0].value
      request.http = .init(
        method: "GET", host: "svc.team:80", path: "\(path.dropLast())items/42",
        headers: ["user-agent": "bench"])
      return request
    }
  }
}
