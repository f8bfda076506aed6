import DocumentReader
import ManifestReader
import MeshModel

extension RandomMesh {
  /// NetworkPolicies over the workloads, and ten ClusterNetworkPolicies above them.
  ///
  /// Three in four let the three callers of one authorization to the proxy's port of its workload,
  /// the others a block of addresses, one in twelve as egress.
  mutating func networkPolicies() -> NetworkPolicyResources {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    func read(_ text: String) {
      for node in JSONDocuments.read(text, path: "network.json", into: sink) {
        _ = reader.read(node)
      }
    }
    for index in 0..<policyCount {
      let allowed = index * 3 < grants.count ? Array(grants[index * 3..<index * 3 + 3]) : []
      let workload = allowed.first?.destination ?? number(workloadCount)
      let peers =
        allowed.isEmpty
        ? #"{"ipBlock":{"cidr":"198.51.\#(number(256)).0/24","except":["198.51.100.0/28"]}}"#
        : allowed.map {
          #"{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"\#(namespace(of: $0.caller))"}},"podSelector":{"matchLabels":{"app":"w\#($0.caller)"}}}"#
        }.joined(separator: ",")
      let (type, side, list) =
        allowed.isEmpty && index % 3 == 0
        ? ("Egress", "to", "egress") : ("Ingress", "from", "ingress")
      read(
        #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"n\#(index)","namespace":"\#(namespace(of: workload))"},"spec":{"podSelector":{"matchLabels":{"app":"w\#(workload)"}},"policyTypes":["\#(type)"],"\#(list)":[{"\#(side)":[\#(peers)],"ports":[{"port":4143},{"port":"http"}]}]}}"#
      )
    }
    for index in 0..<10 {
      read(
        #"{"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy","metadata":{"name":"c\#(index)"},"spec":{"tier":"Admin","priority":\#(index),"subject":{"namespaces":{"matchLabels":{"kubernetes.io/metadata.name":"ns\#(index)"}}},"ingress":[{"action":"Deny","from":[{"namespaces":{"matchLabels":{"kubernetes.io/metadata.name":"ns\#(index + 10)"}}}]}]}}"#
      )
    }
    return reader.finish().networkPolicy
  }

  /// The requests with the caller's workload instead of its identity, as a connection has it.
  func connections(_ requests: [AccessRequest]) -> [AccessRequest] {
    requests.map { request in
      var request = request
      let account = request.source.principal?.split(separator: ".") ?? []
      if account.count > 1 {
        request.source = .init(
          workload: WorkloadID(
            namespace: String(account[1]), name: "w\(account[0].dropFirst(2))"))
      }
      return request
    }
  }
}
