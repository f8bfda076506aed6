/// Random NetworkPolicies for the workloads of a test's cluster.
struct RandomNetworkPolicies {
  var namespaces: [String]
  var applications: [String]

  func documents(_ random: inout RandomPlatform) -> [String] {
    (0..<random.number(5)).map { policy($0, &random) }
  }

  private func policy(_ index: Int, _ random: inout RandomPlatform) -> String {
    let selector =
      random.number(3) == 0 ? "{}" : "{matchLabels: {app: \(random.pick(applications))}}"
    let isEgress = random.number(3) == 0
    let (direction, peer) = isEgress ? ("egress", "to") : ("ingress", "from")
    let rules = (0..<random.number(4)).map { _ in
      let peers = (0..<(1 + random.number(2))).map { _ in self.peer(&random) }
      let ports =
        random.number(3) == 0 ? ", ports: [{port: \(random.pick([8080, 4143, 15008, 6379]))}]" : ""
      return "{\(peer): [\(peers.joined(separator: ", "))]\(ports)}"
    }
    return """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: n\(index), namespace: \(random.pick(namespaces))}
      spec:
        podSelector: \(selector)
        policyTypes: [\(isEgress ? "Egress" : "Ingress")]
        \(direction): [\(rules.joined(separator: ", "))]
      """
  }

  private func peer(_ random: inout RandomPlatform) -> String {
    let pods = "podSelector: {matchLabels: {app: \(random.pick(applications))}}"
    let space =
      "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: \(random.pick(namespaces))}}"
    return switch random.number(5) {
    case 0: "{\(pods)}"
    case 1: "{\(space)}"
    case 2: "{\(pods), \(space)}"
    case 3: "{namespaceSelector: {}}"
    default: "{ipBlock: {cidr: \(random.pick(["10.0.0.0/8", "203.0.113.0/24"]))}}"
    }
  }
}
