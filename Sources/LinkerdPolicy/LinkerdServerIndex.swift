import MeshModel

/// Finds the Servers of each port of each pod.
struct LinkerdServerIndex {
  private var pods: [String: LabelSelectorIndex<Int>] = [:]
  private var external: [String: LabelSelectorIndex<Int>] = [:]
  private let servers: [LinkerdServer]
  /// Rank of each Server in the order in which Servers apply.
  private var rank: [Int]

  init(_ servers: [LinkerdServer]) {
    self.servers = servers
    for (index, server) in servers.enumerated() {
      switch server.selector {
      case .pods(let selector)?:
        pods[server.namespace, default: LabelSelectorIndex()].insert(index, for: selector)
      case .externalWorkloads(let selector)?:
        external[server.namespace, default: LabelSelectorIndex()].insert(index, for: selector)
      case nil: break
      }
    }
    // Oldest first, then by name; the first wins and the others are skipped with a warning in the
    // log (policy-controller k8s/index/src/inbound/index.rs).
    let order = servers.indices.sorted { left, right in
      let (first, second) = (servers[left].metadata, servers[right].metadata)
      switch (first.creationTimestamp, second.creationTimestamp) {
      case (let a?, let b?) where a != b: return a < b
      case (nil, .some): return true
      case (.some, nil): return false
      default: return first.name < second.name
      }
    }
    rank = Array(repeating: 0, count: servers.count)
    for (position, index) in order.enumerated() { rank[index] = position }
  }

  func placed(on pods: [WorkloadID: LinkerdPod]) -> [WorkloadID: [Int: [Int]]] {
    var result: [WorkloadID: [Int: [Int]]] = [:]
    guard !servers.isEmpty else { return result }
    for (id, pod) in pods {
      let index = pod.isExternal ? external[id.namespace] : self.pods[id.namespace]
      var ports: [Int: [Int]] = [:]
      for server in index?.elements(matching: pod.labels) ?? [] {
        for port in pod.selects(servers[server].port.value) {
          ports[port, default: []].append(server)
        }
      }
      for port in Array(ports.keys) { ports[port]?.sort { rank[$0] < rank[$1] } }
      if !ports.isEmpty { result[id] = ports }
    }
    return result
  }
}
