import MeshModel
import Testing

@testable import LinkerdPolicy

/// Accepted and refused objects of policy-test/tests/admit_*.rs and runtime/src/validation.rs,
/// re-expressed.
@Suite struct LinkerdAdmissionTests {
  private static func object(_ kind: String, _ spec: String, _ version: String = "v1alpha1")
    -> String
  {
    """
    apiVersion: policy.linkerd.io/\(version)
    kind: \(kind)
    metadata: {name: x, namespace: ns-0}
    spec: \(spec)

    """
  }

  private static func policy(_ target: String, _ rest: String) -> String {
    object("AuthorizationPolicy", "{targetRef: {\(target)}\(rest)}")
  }

  private static func route(_ parent: String, _ rule: String) -> String {
    object(
      "HTTPRoute",
      "{parentRefs: [{group: policy.linkerd.io, \(parent)}], rules: [{\(rule)}]}", "v1beta3")
  }

  private static let server = "group: policy.linkerd.io, kind: Server, name: s"
  private static let mtls = "{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: a}"
  private static let net = "{group: policy.linkerd.io, kind: NetworkAuthentication, name: a}"

  private func refusals(_ text: String) -> [String] {
    let mesh = LinkerdMesh(inventory: Manifests.inventory(text))
    return mesh.lints().filter { $0.id == "admission" }.map(\.detail)
  }

  static let accepted: [String] = [
    policy(server, ", requiredAuthenticationRefs: [\(mtls), \(net)]"),
    policy("kind: Namespace, name: ns-0", ", requiredAuthenticationRefs: [\(mtls)]"),
    policy(
      "group: policy.linkerd.io, kind: HTTPRoute, name: r",
      ", requiredAuthenticationRefs: [\(net)]"),
    policy(server, ", requiredAuthenticationRefs: []"),
    object(
      "Server", "{podSelector: {}, port: 80, proxyProtocol: HTTP/2, accessPolicy: audit}", "v1beta3"
    ),
    object(
      "ServerAuthorization",
      "{server: {name: s}, client: {networks: [{cidr: 10.1.1.1}], meshTLS: {identities: ['*']}}}",
      "v1beta1"),
    object("MeshTLSAuthentication", "{identityRefs: [{kind: ServiceAccount, name: a}]}"),
    object(
      "MeshTLSAuthentication",
      "{identityRefs: [{kind: ServiceAccount, name: a, namespace: ns-1}]}"),
    object("MeshTLSAuthentication", "{identityRefs: [{kind: Namespace, name: ns-1}]}"),
    object("MeshTLSAuthentication", "{identities: [example.id, '*.example.id']}"),
    object("NetworkAuthentication", "{networks: [{cidr: 10.0.0.0/8, except: [10.1.1.1]}]}"),
    route("kind: Server, name: s", "matches: [{path: {type: Exact, value: /a}}]"),
    route("kind: EgressNetwork, name: e, port: 443", "matches: [{path: {value: /}}]"),
    object(
      "HTTPLocalRateLimitPolicy",
      "{targetRef: {\(server)}, total: {requestsPerSecond: 10}, identity: {requestsPerSecond: 5}}"),
    object("EgressNetwork", "{trafficPolicy: Deny, networks: [{cidr: 8.8.8.0/24}]}"),
    object("EgressNetwork", "{trafficPolicy: Deny}"),
  ]

  @Test(arguments: accepted) func validObjectsAreAccepted(text: String) {
    #expect(refusals(text).isEmpty, "\(refusals(text))")
  }

  static let refused: [String] = [
    policy("kind: Namespace, name: ns-1", ", requiredAuthenticationRefs: [\(mtls)]"),
    policy(server, ""),
    policy(
      "group: apps, kind: Deployment, name: d", ", requiredAuthenticationRefs: [\(mtls)]"),
    policy(server, ", requiredAuthenticationRefs: [\(mtls), \(mtls.replacing("a}", with: "b}"))]"),
    policy(server, ", requiredAuthenticationRefs: [\(net), \(net.replacing("a}", with: "b}"))]"),
    object("Server", "{podSelector: {}, port: 80, proxyProtocol: garbanzo}", "v1beta3"),
    object("Server", "{podSelector: {}, port: 80, accessPolicy: garbanzo}", "v1beta3"),
    object(
      "ServerAuthorization",
      "{server: {name: s}, client: {unauthenticated: true, networks: [{cidr: 10.0.0.0/8, except: [10.0.0.0/8]}]}}",
      "v1beta1"),
    object(
      "ServerAuthorization",
      "{server: {name: s}, client: {unauthenticated: true, networks: [{cidr: 10.0.0.0/8, except: [11.0.0.0/8]}]}}",
      "v1beta1"),
    object(
      "ServerAuthorization",
      "{server: {name: s}, client: {unauthenticated: true, meshTLS: {identities: [a]}}}", "v1beta1"),
    object(
      "ServerAuthorization",
      "{server: {name: s}, client: {meshTLS: {unauthenticatedTLS: true, identities: [a]}}}",
      "v1beta1"),
    object(
      "MeshTLSAuthentication", "{identityRefs: [{kind: Namespace, name: a, namespace: b}]}"),
    object("MeshTLSAuthentication", "{}"),
    object(
      "MeshTLSAuthentication",
      "{identities: [a.b], identityRefs: [{kind: ServiceAccount, name: a}]}"),
    object("MeshTLSAuthentication", "{identities: ['foo.*.x']}"),
    object("NetworkAuthentication", "{networks: [{cidr: 10.0.0.0/8, except: [10.0.0.0/8]}]}"),
    object("NetworkAuthentication", "{networks: [{cidr: 10.0.0.0/8, except: [192.168.0.0/16]}]}"),
    object("NetworkAuthentication", "{networks: []}"),
    route("kind: EgressNetwork, name: e", "matches: [{path: {value: /}}]"),
    route("kind: Server, name: s", "matches: [{path: {type: Exact, value: a}}]"),
    route(
      "kind: Server, name: s",
      "filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: a}}}]"
    ),
    object(
      "HTTPLocalRateLimitPolicy",
      "{targetRef: {group: apps, kind: Deployment, name: d}, total: {requestsPerSecond: 10}}"),
    object(
      "HTTPLocalRateLimitPolicy",
      "{targetRef: {\(server)}, total: {requestsPerSecond: 5}, identity: {requestsPerSecond: 10}}"),
    object(
      "HTTPLocalRateLimitPolicy",
      "{targetRef: {\(server)}, total: {requestsPerSecond: 5}, overrides: [{requestsPerSecond: 10, clientRefs: [{kind: ServiceAccount, name: a}]}]}"
    ),
    object("EgressNetwork", "{trafficPolicy: Deny, networks: []}"),
  ]

  @Test(arguments: refused) func wrongObjectsAreRefused(text: String) {
    #expect(refusals(text).count == 1, "\(refusals(text))")
  }

  /// runtime/src/validation.rs.
  @Test(
    arguments: [
      ("system.local", true), ("*", true), ("*.system.local", true),
      ("spiffe://trustdomain", true), ("spiffe://trustdomain/path/element", true),
      ("system.local.*", false), ("system.local.", false), (".system.local", false),
      ("system..local", false), ("**.x", false), ("foo.*.x", false), ("*.*.x", false), ("", false),
      ("http://trustdomain/path", false), ("spiffe:/path", false), ("spiffe:///path", false),
      ("spiffe://trustdomain/path?query=1", false), ("spiffe://trustdomain/path#frag", false),
      ("spiffe://trustdomain:8080/path", false), ("spiffe://user@trustdomain/path", false),
      ("spiffe://trustdomain/path/", false), ("spiffe://trustdomain//path", false),
      ("spiffe://trustdomain/./path", false), ("spiffe://trustdomain/../path", false),
    ])
  func identitiesAreValidatedLikeTheWebhook(text: String, isValid: Bool) {
    #expect(LinkerdAdmission.isIdentity(text) == isValid)
  }
}
