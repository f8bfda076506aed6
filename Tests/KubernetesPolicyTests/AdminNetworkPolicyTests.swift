import MeshModel
import Testing

@testable import KubernetesPolicy

@Suite struct AdminNetworkPolicyTests {
  private static let base = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a, namespace: one, labels: {app: a}}
    spec: {containers: [{name: app, ports: [{name: http, containerPort: 8080}]}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: b, namespace: two, labels: {app: b}}
    spec: {containers: [{name: app}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: host, namespace: two}
    spec: {hostNetwork: true, containers: [{name: app}]}
    ---

    """

  private func decision(_ text: String, from source: String = "two/b", port: Int = 8080)
    -> DecisionRecord
  {
    NetworkPolicyModel(inventory: Manifests.inventory(Self.base + text)).decision(
      for: AccessRequest(
        source: .init(workload: .init(text: source)),
        destination: .init(workload: .init(namespace: "one", name: "a"), port: port)))
  }

  private func cluster(_ name: String, _ tier: String, _ priority: Int, _ rules: String) -> String {
    """
    apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    metadata: {name: \(name)}
    spec: {tier: \(tier), priority: \(priority), subject: {namespaces: {}}, ingress: [\(rules)]}
    ---

    """
  }

  private static let isolate = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: closed, namespace: one}
    spec: {podSelector: {}}
    ---

    """

  private static let all = "from: [{namespaces: {}}]"

  @Test func tiersAreAskedInOrder() {
    let accept = cluster("accept", "Admin", 1, "{action: Accept, \(Self.all)}")
    let deny = cluster("deny", "Admin", 2, "{action: Deny, \(Self.all)}")
    let pass = cluster("pass", "Admin", 0, "{action: Pass, \(Self.all)}")
    let baseline = cluster("base", "Baseline", 0, "{action: Deny, \(Self.all)}")
    #expect(decision("").decision == .allow)
    #expect(decision(Self.isolate).decision == .deny)
    #expect(decision(Self.isolate).decidedBy == "NetworkPolicy one/closed ingress")
    #expect(decision(accept + deny + Self.isolate).decision == .allow)
    #expect(decision(accept).decidedBy == "ClusterNetworkPolicy accept ingress[0]")
    #expect(decision(deny).decision == .deny)
    #expect(decision(pass + deny).decision == .allow)
    #expect(decision(pass + deny + Self.isolate).decision == .deny)
    #expect(decision(pass + baseline).decision == .deny)
    #expect(decision(baseline).decidedBy == "ClusterNetworkPolicy base ingress[0]")
  }

  @Test(arguments: [
    ("protocols: [{tcp: {destinationPort: {number: 8080}}}]", true),
    ("protocols: [{tcp: {destinationPort: {range: {start: 1, end: 8079}}}}]", false),
    ("protocols: [{udp: {}}]", false), ("protocols: [{destinationNamedPort: http}]", true),
    ("ports: [{portNumber: {protocol: TCP, port: 8080}}]", true),
    ("ports: [{portRange: {start: 8000, end: 8100}}]", true), ("ports: [{namedPort: grpc}]", false),
  ])
  func portsOfBothVersionsAreRead(ports: String, matches: Bool) {
    let rule = "{action: Deny, \(Self.all), \(ports)}"
    #expect(decision(cluster("c", "Admin", 0, rule)).decision == (matches ? .deny : .allow))
  }

  @Test func olderKindsReadAlike() {
    let text = """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: admin}
      spec:
        priority: 5
        subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}}
        ingress: [{action: Allow, from: [{pods: {namespaceSelector: {}, podSelector: {}}}]}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata: {name: default}
      spec:
        subject: {namespaces: {}}
        ingress: [{action: Deny, from: [{namespaces: {}}]}]
      ---

      """
    #expect(decision(text).decidedBy == "AdminNetworkPolicy admin ingress[0]")
    #expect(decision(text).decision == .allow)
  }

  @Test func whatCannotBeResolvedFailsClosed() {
    #expect(
      decision(cluster("c", "Admin", 0, "{action: Accept, from: [{magic: {}}]}") + Self.isolate)
        .decision == .deny)
    #expect(
      decision(cluster("c", "Admin", 0, "{action: Pass, from: [{magic: {}}]}")).decision == .deny)
  }

  @Test func whatThePluginDecidesIsUnknown() {
    let block = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: block, namespace: one}
      spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}
      ---

      """
    #expect(decision(block).decision == .unknown)
    #expect(decision(block).reason?.contains("network plugin") == true)
    let outside = block.replacing("0.0.0.0/0", with: "203.0.113.0/24")
    #expect(decision(outside).decision == .deny)
    let pods = block.replacing("ipBlock: {cidr: 0.0.0.0/0}", with: "namespaceSelector: {}")
    #expect(decision(pods).decision == .allow)
    #expect(decision(pods, from: "two/host").decision == .unknown)
  }

  @Test func factsTellPeersPortsAndAttachment() {
    let text = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: one}
      spec:
        podSelector: {matchLabels: {app: a}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: b}}}]
          ports: [{port: 8080, endPort: 8081}, {port: dns, protocol: UDP}]
        egress:
        - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
      ---

      """
    let model = NetworkPolicyModel(inventory: Manifests.inventory(Self.base + text))
    let web = WorkloadID(namespace: "one", name: "a")
    let fact = model.policyFacts()[0]
    #expect(fact.attachedTo == [web] && fact.rules.count == 2)
    #expect(fact.rules[0].sources[0].terms.map(\.value) == ["*", "app=b"])
    #expect(fact.rules[0].operations[0].terms.map(\.value) == ["8080-8081", "dns/UDP"])
    #expect(fact.rules[1].operations[0].terms.map(\.isNegated) == [false, true])
    #expect(model.isIsolated(web, .ingress) && model.isIsolated(web, .egress))
    #expect(model.acceptsSomeIngress(web, port: 8081) == true)
    #expect(model.acceptsSomeIngress(web, port: 4143) == false)
    #expect(model.acceptsSomeIngress(.init(namespace: "two", name: "b"), port: 1) == nil)
  }
}
