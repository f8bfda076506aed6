import MeshModel
import Testing

@testable import LinkerdPolicy

/// What clients make of a port by the Service that they dial, and what versions change.
@Suite struct LinkerdServiceTests: UpstreamCases {
  private static let client = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: client, namespace: ns-0}
    spec:
      template:
        metadata: {labels: {app: client}, annotations: {linkerd.io/inject: enabled}}
        spec: {serviceAccountName: client, containers: [{name: app}]}
    ---

    """

  private func service(
    _ name: String, notes: String = "", port: String = "{name: web, port: 80, targetPort: http}"
  ) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: ns-0, annotations: {\(notes)}}
    spec: {selector: {app: web}, ports: [\(port)]}
    ---

    """
  }

  private func namespace(_ notes: String) -> String {
    """
    apiVersion: v1
    kind: Namespace
    metadata: {name: ns-0, annotations: {\(notes)}}
    ---

    """
  }

  /// The answer to an HTTP request at a Server that takes HTTP/1 only and is open to the client.
  private func answer(_ text: String, host: String = "web.ns-0") -> DecisionRecord {
    let mesh = cluster(
      policies: Self.client + Self.server + policy(requires: "[]") + text)
    return mesh.decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: "ns-0", name: "client")),
        destination: .init(
          workload: .init(namespace: "ns-0", name: "web"), port: 8080, applicationProtocol: .http),
        http: .init(method: "GET", host: host, path: "/")))
  }

  private static let opaque = "config.linkerd.io/opaque-ports"

  /// controller/api/destination/watcher/opaque_ports_watcher.go and app/outbound/src/sidecar.rs: the
  /// annotation names ports of the Service, by number, range or name.
  @Test(
    arguments: [
      ("", Decision.allow), ("'80'", .deny), ("'8080'", .allow), ("web", .deny), ("79-81", .deny),
      ("'bogus,80'", .deny),
    ])
  func aServiceMakesItsPortOpaque(value: String, expected: Decision) {
    let notes = value.isEmpty ? "" : "\(Self.opaque): \(value)"
    #expect(answer(service("web", notes: notes)).decision == expected)
  }

  @Test func theNamespaceStandsInForTheServiceOnly() {
    let text = namespace("linkerd.io/inject: enabled, \(Self.opaque): '80'")
    // Port 80 is the Service's, the pod's is 8080.
    #expect(answer(text + service("web")).decision == .deny)
    #expect(answer(text + service("web", notes: "\(Self.opaque): '81'")).decision == .allow)
    #expect(answer(text).decision == .allow)
  }

  @Test func appProtocolMakesAPortOpaque() {
    for (name, expected) in [
      ("linkerd.io/opaque", Decision.deny), ("linkerd.io/tcp", .deny), ("http", .allow),
    ] {
      let port = "{port: 80, targetPort: http, appProtocol: \(name)}"
      #expect(answer(service("web", port: port)).decision == expected)
    }
  }

  /// pkg/inject/inject.go, `CreateOpaquePortsPatch`: the default list goes by target ports.
  @Test func theDefaultListHoldsForServices() {
    #expect(answer(service("web", port: "{port: 3306, targetPort: 8080}")).decision == .deny)
    #expect(answer(service("web", port: "{port: 80, targetPort: 8080}")).decision == .allow)
  }

  @Test func theHostTellsTheServiceWhereTheyDisagree() {
    let text = service("raw", notes: "\(Self.opaque): '80'") + service("web")
    #expect(answer(text, host: "web.ns-0.svc.cluster.local").decision == .allow)
    #expect(answer(text, host: "raw").decision == .deny)
    #expect(answer(text, host: "raw.ns-0:80").decision == .deny)
    let open = answer(text, host: "elsewhere.example")
    #expect(open.decision == .unknown)
    #expect(
      open.reason
        == "clients take port 8080 for opaque as port 80 of Service ns-0/raw and not as port 80 of "
        + "Service ns-0/web")
  }

  @Test func reachAgreesAndTheLintNamesTheService() {
    let base = Self.client + Self.server + policy(requires: "[]")
    let opaque = service("raw", notes: "\(Self.opaque): '80'")
    func reach(_ text: String) -> Reach {
      cluster(policies: base + text).reach(
        from: PeerProfile(principal: nil, workload: .init(namespace: "ns-0", name: "client")),
        to: .init(namespace: "ns-0", name: "web"), port: 8080)
    }
    #expect(reach(opaque).outcome == .deny && reach(service("web")).outcome == .allow)
    #expect(reach(opaque + service("web")).outcome == .unknown)
    let lints = cluster(policies: base + opaque).lints().filter { $0.id == "L22" }
    #expect(lints.map(\.detail) == ["Service ns-0/raw port 80"])
  }

  private func versioned(_ version: String, _ text: String = "", probes: String = "")
    -> LinkerdMesh
  {
    LinkerdMesh(
      inventory: Manifests.inventory(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: ns-0}
        spec:
          template:
            metadata:
              labels: {app: web}
              annotations:
                linkerd.io/inject: enabled
                config.linkerd.io/default-inbound-policy: cluster-unauthenticated
            spec:
              containers:
              - name: app
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {port: http, path: /ready}}
        ---
        \(text)
        """), options: LinkerdOptions(version: version))
  }

  /// Chart values of each version where linkerd-config does not say (linkerd2 #9091, #12291).
  @Test(
    arguments: [
      ("stable-2.11.1", false, false, false), ("edge-22.7.3", false, false, false),
      ("stable-2.12.0", true, false, false), ("2.15", true, false, false),
      ("edge-24.3.3", true, false, false), ("edge-24.3.4", true, true, true),
      ("2.16", true, true, true), ("2.20", true, true, true),
    ])
  func versionsSetTheDefaultNetworks(
    version: String, probesIPv4: Bool, probesIPv6: Bool, clusterIPv6: Bool
  ) {
    let mesh = versioned(version)
    #expect(ask(mesh, from: "8.8.8.8", "GET", "/ready") == (probesIPv4 ? "allow" : "deny no-grant"))
    #expect(
      ask(mesh, from: "2001:db8::1", "GET", "/ready") == (probesIPv6 ? "allow" : "deny no-grant"))
    #expect(ask(mesh, from: "fd00::1", "GET", "/x") == (clusterIPv6 ? "allow" : "deny no-grant"))
    #expect(ask(mesh, from: "10.0.0.1", "GET", "/x") == "allow")
  }

  /// Before linkerd2 #13676 any of several Servers may hold, whatever their age.
  @Test func olderControllersTakeAnyOfOverlappingServers() {
    func server(_ name: String, _ year: Int, _ access: String) -> String {
      Self.server.replacing(
        "name: srv-8080, namespace: ns-0",
        with: "name: \(name), namespace: ns-0, creationTimestamp: \"\(year)-01-01T00:00:00Z\""
      ).replacing("HTTP/1}", with: "HTTP/1, accessPolicy: \(access)}")
    }
    let text = server("a", 2023, "deny") + server("b", 2024, "all-unauthenticated")
    #expect(ask(versioned("2.18", text)) == "deny no-grant")
    #expect(ask(versioned("2.17", text)) == "unknown")
  }
}
