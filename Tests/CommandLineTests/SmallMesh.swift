import Foundation

/// A mesh of two workloads with nothing to object to for LP-001, and its log: enough to run the whole
/// pipeline in a fraction of a second.
enum SmallMesh {
  static let asOf = ["--as-of", "2026-11-20T06:00:00Z"]

  static let manifests = """
    apiVersion: v1
    kind: Namespace
    metadata:
      name: agents
      labels: {istio-injection: enabled}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      template:
        metadata: {labels: {app: planner}}
        spec:
          serviceAccountName: planner
          containers:
          - {name: app, image: "registry.example/planner:1", ports: [{containerPort: 8080}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: caller, namespace: agents}
    spec:
      selector: {matchLabels: {app: caller}}
      template:
        metadata: {labels: {app: caller}}
        spec:
          serviceAccountName: caller
          containers:
          - {name: app, image: "registry.example/caller:1"}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {app: planner}
      ports: [{name: http, port: 8080}]
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      rules:
      - from: [{source: {principals: ["cluster.local/ns/agents/sa/caller"]}}]
        to: [{operation: {methods: [GET], paths: ["/v1/*"]}}]

    """

  /// Lines of Istio's default text format, as planner's proxy writes them.
  static func log(_ count: Int, path: String = "/v1/plans") -> String {
    var text = ""
    for index in 0..<count {
      let minute = String(format: "%02d", index % 60)
      text +=
        "[2026-11-19T10:\(minute):21.404Z] \"GET \(path) HTTP/1.1\" 200 - via_upstream - \"-\" 10 20 3 2 "
        + "\"-\" \"agent/1\" \"9b1dcaa7-09c2-41aa-a96b-\(String(format: "%012d", index))\" "
        + "\"planner.agents:8080\" \"10.1.1.2:8080\" inbound|8080|| 127.0.0.6:5399 10.1.1.2:8080 "
        + "10.1.1.3:57395 outbound_.8080_._.planner.agents.svc.cluster.local default\n"
    }
    return text
  }

  /// Writes `mesh/` and, when asked for, `mesh/planner.log`.
  static func write(to scratch: Scratch, logLines: Int = 0) throws {
    try scratch.write("mesh/mesh.yaml", manifests)
    if logLines > 0 { try scratch.write("mesh/planner.log", log(logLines)) }
  }

  /// Compressed as `gzip` does.
  static func gzip(_ text: String) async throws -> Data {
    try await gzip(Data(text.utf8))
  }

  static func gzip(_ data: Data) async throws -> Data {
    let scratch = try Scratch()
    try scratch.write("plain", data)
    _ = try await MeshAuditProgram.shell("gzip -n plain", in: scratch.path)
    return try scratch.data("plain.gz")
  }
}
