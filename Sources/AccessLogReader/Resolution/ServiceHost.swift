/// Names of services in Envoy's clusters, SNI and host headers.
struct ServiceHost {
  var host: String
  var port: Int?

  /// The name and namespace when the host is that of a Kubernetes service.
  ///
  /// `name.namespace.svc.<domain>` (Kubernetes, DNS for Services and Pods), and `name.namespace` and
  /// `name.namespace.svc` as callers shorten it.
  var service: (name: String, namespace: String)? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count >= 3 && parts[2] == "svc"), !parts[0].isEmpty,
      !parts[1].isEmpty
    else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  /// Reads `outbound|8080|v1|retriever.agents.svc.cluster.local` and `inbound-vip|80|http|host`
  /// (Istio pilot/pkg/model/push_context.go `BuildSubsetKey`).
  init?(cluster: String) {
    let parts = cluster.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, !parts[3].isEmpty else { return nil }
    let host = parts[3].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0]
    self.init(host: String(host), port: Int(parts[1]))
  }

  /// Reads `outbound_.8080_.v1_.retriever.agents.svc.cluster.local`
  /// (Istio pilot/pkg/model/push_context.go `BuildDNSSrvSubsetKey`).
  init?(sni: String) {
    guard sni.hasPrefix("outbound_.") else { return nil }
    var parts: [String] = []
    var rest = sni.dropFirst("outbound_.".count)
    for _ in 0..<2 {
      guard let cut = rest.firstRange(of: "_.") else { return nil }
      parts.append(String(rest[..<cut.lowerBound]))
      rest = rest[cut.upperBound...]
    }
    guard !rest.isEmpty else { return nil }
    self.init(host: String(rest), port: Int(parts[0]))
  }

  /// Reads a host header, `retriever.agents:8080`; names are compared without case (RFC 4343).
  init(authority: String) {
    var host = authority.lowercased()
    var port: Int?
    if let colon = host.lastIndex(of: ":"), !host[host.index(after: colon)...].isEmpty,
      host[..<colon].firstIndex(of: ":") == nil || host[..<colon].hasSuffix("]"),
      let number = Int(host[host.index(after: colon)...])
    {
      port = number
      host = String(host[..<colon])
    }
    self.init(host: host, port: port)
  }

  init(host: String, port: Int?) {
    self.host = host
    self.port = port
  }
}
