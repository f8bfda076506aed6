import AuditModel
import DocumentReader
import ManifestReader
import MeshModel

@testable import AccessAnalysis

/// Small platforms of a few workloads and random Istio policies, from a seed.
struct RandomPlatform {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func number(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[number(list.count)] }

  static let workloads = ["agents/planner", "agents/retriever", "tools/browser", "data/store"]
  static let methods = ["GET", "POST", "DELETE"]
  static let paths = ["/v1/plans", "/v1/plans/7", "/v1/search", "/admin/stop", "/"]

  static func identity(_ workload: String) -> String {
    let parts = workload.split(separator: "/")
    return "cluster.local/ns/\(parts[0])/sa/\(parts[1])"
  }

  static let base: [String] =
    ["agents", "tools", "data"].map {
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: \($0), labels: {istio-injection: enabled}}
      """
    }
    + workloads.map { workload in
      let parts = workload.split(separator: "/")
      return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(parts[1]), namespace: \(parts[0])}
        spec:
          selector: {matchLabels: {app: \(parts[1])}}
          template:
            metadata: {labels: {app: \(parts[1])}}
            spec:
              serviceAccountName: \(parts[1])
              containers:
              - {name: main, image: "x:1", ports: [{name: http, containerPort: 8080}]}
        """
    }

  private mutating func list(_ values: [String]) -> String {
    let count = 1 + number(2)
    let picked = (0..<count).map { _ in "\"\(pick(values))\"" }
    return "[" + picked.joined(separator: ", ") + "]"
  }

  private mutating func rule() -> String {
    var parts: [String] = []
    if number(4) > 0 {
      let source =
        switch number(4) {
        case 0: "namespaces: \(list(["agents", "tools"]))"
        case 1: "principals: \(list(["*", "cluster.local/ns/agents/*"]))"
        default: "principals: \(list(Self.workloads.map(Self.identity)))"
        }
      parts.append("from: [{source: {\(source)}}]")
    }
    if number(4) > 0 {
      var fields: [String] = []
      if number(2) == 0 { fields.append("methods: \(list(Self.methods))") }
      if number(2) == 0 {
        fields.append("paths: \(list(["/v1/*", "/v1/plans", "/v1/search", "/admin/*", "*/stop"]))")
      }
      if number(6) == 0 { fields.append("notPaths: [\"/admin/*\"]") }
      if fields.isEmpty { fields.append("ports: [\"8080\"]") }
      parts.append("to: [{operation: {\(fields.joined(separator: ", "))}}]")
    }
    if number(8) == 0 {
      parts.append("when: [{key: \"request.headers[x-tier]\", values: [\"gold\"]}]")
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  mutating func policy(_ index: Int, action: String? = nil) -> String {
    let action = action ?? pick(["ALLOW", "ALLOW", "ALLOW", "DENY"])
    let workload = pick(Self.workloads).split(separator: "/")
    let selector = number(3) == 0 ? "" : "\n  selector: {matchLabels: {app: \(workload[1])}}"
    var rules = (0..<(1 + number(3))).map { _ in rule() }
    if number(10) == 0, action == "ALLOW" { rules = [] }
    let text =
      rules.isEmpty ? "" : "\n  rules:\n" + rules.map { "  - \($0)" }.joined(separator: "\n")
    return """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: p\(index), namespace: \(number(8) == 0 ? "istio-system" : workload[0])}
      spec:
        action: \(action)\(selector)\(text)
      """
  }

  /// Policies and now and then strict mTLS.
  mutating func policies() -> [String] {
    var result = (0..<number(5)).map { policy($0) }
    if number(2) == 0 {
      result.append(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: \(pick(["agents", "tools", "istio-system"]))}
        spec: {mtls: {mode: \(pick(["STRICT", "PERMISSIVE"]))}}
        """)
    }
    return result
  }

  static func model(_ policies: [String]) -> AccessModel { model(of: base + policies) }

  static func model(of documents: [String], options: AccessOptions = AccessOptions())
    -> AccessModel
  {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for (index, text) in documents.enumerated() {
      for node in YAMLDocuments.read(text, path: "mesh-\(index).yaml", into: sink) {
        _ = reader.read(node)
      }
    }
    return AccessModel(inventory: reader.finish(), options: options)
  }

  mutating func request() -> AccessRequest {
    let source = pick(Self.workloads + [""])
    let target = pick(Self.workloads).split(separator: "/")
    return AccessRequest(
      source: .init(principal: source.isEmpty ? nil : "spiffe://" + Self.identity(source)),
      destination: .init(
        workload: WorkloadID(namespace: String(target[0]), name: String(target[1])), port: 8080,
        applicationProtocol: .http),
      http: .init(
        method: pick(Self.methods), host: "x.agents", path: pick(Self.paths),
        headers: number(2) == 0 ? ["x-tier": "gold"] : [:]))
  }

  /// An observed request as a sidecar's log with verified identities would show it.
  mutating func observed(outcome: ObservedRequestKey.Outcome = .allowed) -> ObservedRequestKey {
    let request = request()
    return ObservedRequestKey(
      day: "2026-11-\(10 + number(7))", side: .server,
      source: ObservedParty(
        principal: request.source.principal,
        workload: Self.workload(of: request.source.principal)),
      destination: ObservedParty(workload: request.destination.workload), port: 8080,
      protocolName: "http", method: request.http?.method, pathTemplate: request.http?.path,
      responseClass: "2xx", outcome: outcome, deniedBy: nil,
      identitySource: request.source.principal == nil ? .none : .peerURISAN, isPathTrusted: true,
      isMTLS: request.source.principal != nil, format: "istio-json")
  }

  static func workload(of principal: String?) -> WorkloadID? {
    guard let parts = principal?.split(separator: "/"), parts.count == 6 else { return nil }
    return WorkloadID(namespace: String(parts[3]), name: String(parts[5]))
  }

  static let sum = ObservedRequestSum(
    count: 3, firstSeen: UTCTime(seconds: 1_790_000_000), lastSeen: UTCTime(seconds: 1_790_100_000))
}
