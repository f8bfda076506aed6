import DocumentReader
import ManifestReader
import MeshModel

/// A mesh of a given size, the same for the same numbers.
struct RandomMesh {
  private var state: UInt64 = 20_261_120
  let workloadCount: Int
  let policyCount: Int
  private let namespaceCount = 40
  /// Destination and caller of each grant at a Server.
  private(set) var grants: [(destination: Int, caller: Int)] = []

  init(workloadCount: Int, policyCount: Int) {
    self.workloadCount = workloadCount
    self.policyCount = policyCount
  }

  mutating func number(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  func namespace(of workload: Int) -> String { "ns\(workload % namespaceCount)" }

  func identity(of workload: Int) -> String {
    "sa\(workload).\(namespace(of: workload)).serviceaccount.identity.linkerd.cluster.local"
  }

  /// One Server for each workload, an authorization of three identities for each policy; every
  /// fourth policy is for a route of its own.
  mutating func inventory() -> MeshInventory {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    func read(_ text: String) {
      for node in JSONDocuments.read(text, path: "mesh.json", into: sink) { _ = reader.read(node) }
    }
    for index in 0..<namespaceCount {
      read(
        #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ns\#(index)","annotations":{"linkerd.io/inject":"enabled"}}}"#
      )
    }
    for index in 0..<workloadCount {
      let place = #""namespace":"\#(namespace(of: index))""#
      read(
        #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"w\#(index)",\#(place)},"spec":{"template":{"metadata":{"labels":{"app":"w\#(index)"}},"spec":{"serviceAccountName":"sa\#(index)","containers":[{"name":"main","image":"x:1","ports":[{"name":"http","containerPort":8080}]}]}}}}"#
      )
      read(
        #"{"apiVersion":"policy.linkerd.io/v1beta3","kind":"Server","metadata":{"name":"w\#(index)",\#(place),"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"podSelector":{"matchLabels":{"app":"w\#(index)"}},"port":"http","proxyProtocol":"HTTP/1"}}"#
      )
    }
    for index in 0..<policyCount {
      let workload = number(workloadCount)
      let place = #""namespace":"\#(namespace(of: workload))""#
      let callers = (0..<3).map { _ in number(workloadCount) }
      if index % 4 != 0 { grants += callers.map { (workload, $0) } }
      let identities = callers.map { "\"\(identity(of: $0))\"" }.joined(separator: ",")
      read(
        #"{"apiVersion":"policy.linkerd.io/v1alpha1","kind":"MeshTLSAuthentication","metadata":{"name":"m\#(index)",\#(place)},"spec":{"identities":[\#(identities)]}}"#
      )
      var target = #""group":"policy.linkerd.io","kind":"Server","name":"w\#(workload)""#
      if index % 4 == 0 {
        read(
          #"{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"r\#(index)",\#(place)},"spec":{"parentRefs":[{"group":"policy.linkerd.io","kind":"Server","name":"w\#(workload)"}],"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/v\#(index % 3)"}}]}]}}"#
        )
        target = #""group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"r\#(index)""#
      }
      read(
        #"{"apiVersion":"policy.linkerd.io/v1alpha1","kind":"AuthorizationPolicy","metadata":{"name":"p\#(index)",\#(place)},"spec":{"targetRef":{\#(target)},"requiredAuthenticationRefs":[{"group":"policy.linkerd.io","kind":"MeshTLSAuthentication","name":"m\#(index)"}]}}"#
      )
    }
    return reader.finish()
  }

  /// Requests of any caller to any workload, or only of callers that some policy names there.
  mutating func requests(_ count: Int, areGranted: Bool) -> [AccessRequest] {
    (0..<count).map { _ in
      let pair = (destination: number(workloadCount), caller: number(workloadCount))
      let (workload, caller) = areGranted ? grants[number(grants.count)] : pair
      return AccessRequest(
        source: .init(principal: identity(of: caller)),
        destination: .init(
          workload: WorkloadID(namespace: namespace(of: workload), name: "w\(workload)"),
          port: 8080, applicationProtocol: .http),
        http: .init(
          method: number(2) == 0 ? "GET" : "POST", host: "w\(workload)",
          path: "/v\(number(3))/items/\(number(1000))"))
    }
  }
}
