import MeshModel
import Testing

@testable import LinkerdPolicy

/// Cases of the proxy's own unit tests, re-expressed: app/inbound/src/policy/{http,tcp}/tests.rs and
/// http/route/src (linkerd2-proxy v2.366.0).
@Suite struct LinkerdUpstreamRouteTests: UpstreamCases {
  private static let denied = "deny no-grant"

  /// Two routes at `srv-8080`, of which the first is open to everybody.
  private func pair(_ first: String, _ second: String, kind: String = "HTTPRoute") -> LinkerdMesh {
    let server = kind == "GRPCRoute" ? Self.server.replacing("HTTP/1", with: "gRPC") : Self.server
    return cluster(
      policies: server + networks("0.0.0.0/0") + first + second + opened("open", kind: kind))
  }

  /// policy/http/tests.rs: http_route, before and after an update.
  @Test func methodsOfRoutesAreAuthorizedOnTheirOwn() {
    let (get, post) = ("[{method: GET}]", "[{method: POST}]")
    let before = cluster(
      policies: Self.server + networks("192.168.3.3") + route("open", matches: get)
        + route("post", matches: post) + opened("open"))
    #expect(ask(before, from: "192.168.3.3", "GET") == "allow")
    #expect(ask(before, from: "192.168.3.3", "POST") == Self.denied)
    #expect(ask(before, from: "192.168.3.3", "DELETE") == "deny no-route")
    let after = cluster(
      policies: Self.server + networks("192.168.4.0/24") + route("get", matches: get)
        + route("open", matches: "[{method: DELETE}]") + opened("open")
        + networks("192.168.3.3").replacing("name: net", with: "name: three")
        + opened("open").replacing("open-open", with: "three").replacing(
          "name: net", with: "name: three"))
    #expect(ask(after, from: "192.168.3.3", "GET") == Self.denied)
    #expect(ask(after, from: "192.168.3.3", "POST") == "deny no-route")
    #expect(ask(after, from: "192.168.3.3", "DELETE") == "allow")
  }

  /// policy/http/tests.rs: grpc_route.
  @Test func methodsOfGRPCRoutesAreAuthorizedOnTheirOwn() {
    let mesh = pair(
      route("open", matches: "[{method: {service: foo.bar.bah, method: baz}}]", kind: "GRPCRoute"),
      route("qux", matches: "[{method: {service: foo.bar.bah, method: qux}}]", kind: "GRPCRoute"),
      kind: "GRPCRoute")
    #expect(ask(mesh, "POST", "/foo.bar.bah/baz") == "allow")
    #expect(ask(mesh, "POST", "/foo.bar.bah/qux") == Self.denied)
    #expect(ask(mesh, "POST", "/foo.bar.bah/boo") == "deny no-route")
  }

  /// policy/tcp/tests.rs: unauthenticated_allowed, authenticated_identity, authenticated_suffix,
  /// tls_unauthenticated.
  @Test(
    arguments: [
      ("{unauthenticated: true}", true, true, true),
      (
        #"{meshTLS: {identities: ["client.ns-0.serviceaccount.identity.linkerd.cluster.example.com"]}}"#,
        true, false, false
      ),
      (
        #"{meshTLS: {identities: ["*.ns-0.serviceaccount.identity.linkerd.cluster.example.com"]}}"#,
        true, false, false
      ),
      ("{meshTLS: {unauthenticatedTLS: true}}", true, true, false),
    ])
  func connectionsAreAuthorizedByTLS(client: String, own: Bool, other: Bool, plain: Bool) {
    let mesh = cluster(
      policies: Self.server.replacing("HTTP/1", with: "opaque")
        + serverAuthorization("{name: srv-8080}", client))
    let stranger = "x.other.serviceaccount.identity.linkerd.cluster.example.com"
    for (principal, isAllowed) in [(Self.dnsClient, own), (stranger, other), (nil, plain)] {
      #expect(ask(mesh, as: principal, isTCP: true) == (isAllowed ? "allow" : Self.denied))
    }
  }

  /// http/route/src/http/match: path, header and query_param; an expression matches from end to end.
  @Test(
    arguments: [
      ("{path: {type: RegularExpression, value: '/foo/\\d+'}}", "/foo/4", true),
      ("{path: {type: RegularExpression, value: '/foo/\\d+'}}", "/foo/4/bar", false),
      ("{path: {type: RegularExpression, value: '/foo/\\d+'}}", "/bar/foo/4", false),
      ("{path: {type: RegularExpression, value: '/foo/\\d+'}}", "/foo/bar", false),
      ("{path: {type: Exact, value: /foo/bar}}", "/foo/bar", true),
      ("{path: {type: Exact, value: /foo/bar}}", "/foo/bar/", false),
      ("{headers: [{name: X-Foo, value: bar}]}", "/", true),
      ("{headers: [{name: x-foo, value: ba}]}", "/", false),
      ("{headers: [{type: RegularExpression, name: x-foo, value: 'b.*'}]}", "/", true),
      ("{headers: [{type: RegularExpression, name: x-foo, value: 'a'}]}", "/", false),
      ("{queryParams: [{name: foo, value: bar}]}", "/?foo=bar&x=y", true),
      ("{queryParams: [{name: foo, value: bar}]}", "/?foo=bah", false),
      ("{queryParams: [{type: RegularExpression, name: foo, value: 'b.'}]}", "/?foo=ba", true),
      ("{queryParams: [{type: RegularExpression, name: foo, value: 'b'}]}", "/?foo=ba", false),
    ])
  func matchesAreMadeLikeTheProxys(match: String, path: String, isMatched: Bool) {
    let mesh = pair(route("open", matches: "[\(match)]"), "")
    #expect(
      ask(mesh, "GET", path, headers: ["x-foo": "bar"])
        == (isMatched ? "allow" : "deny no-route"))
  }

  /// http/route/src/http/tests.rs: the better match decides, whichever route is older.
  @Test(
    arguments: [
      // hostname_precedence
      ("[{path: {value: /}}]", "[{path: {value: /}}]", "['*.example.com']", "[foo.example.com]"),
      ("[{path: {value: /}}]", "[{path: {value: /}}]", "[]", "['*.example.com']"),
      ("[{path: {value: /}}]", "[{path: {value: /}}]", "['*.com']", "['*.example.com']"),
      // path_length_precedence
      ("[{path: {value: /foo}}]", "[{path: {value: /foo/bar}}]", "[]", "[]"),
      ("[{path: {value: /foo}}]", "[{path: {type: Exact, value: /foo/bar}}]", "[]", "[]"),
      // header_count_precedence
      (
        "[{headers: [{name: x-a, value: a}]}]",
        "[{headers: [{name: x-a, value: a}, {name: x-b, value: b}]}]", "[]", "[]"
      ),
      // method_precedence
      ("[{path: {value: /foo}}]", "[{path: {value: /foo}, method: GET}]", "[]", "[]"),
      // A host decides before any path.
      ("[{path: {value: /foo/bar}}]", "[{path: {value: /}}]", "[]", "[foo.example.com]"),
    ])
  func betterMatchesWin(worse: String, better: String, worseHosts: String, betterHosts: String) {
    let (old, young) = ("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
    for (first, second) in [(old, young), (young, old)] {
      let mesh = pair(
        route("open", matches: better, hosts: betterHosts, created: second),
        route("closed", matches: worse, hosts: worseHosts, created: first))
      #expect(
        ask(
          mesh, "GET", "/foo/bar", host: "foo.example.com", headers: ["x-a": "a", "x-b": "b"])
          == "allow")
    }
  }

  /// http/route/src/http/tests.rs: first_identical_wins.
  @Test func theFirstOfIdenticalRoutesWins() {
    let same = "[{path: {value: /foo}, method: GET}]"
    let (old, young) = ("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
    let open = pair(
      route("open", matches: same, created: old), route("closed", matches: same, created: young))
    #expect(ask(open, "GET", "/foo") == "allow")
    let closed = pair(
      route("open", matches: same, created: young), route("closed", matches: same, created: old))
    #expect(ask(closed, "GET", "/foo") == Self.denied)
  }

  /// http/route/src/grpc/tests.rs: hostname, service, method and header precedence.
  @Test(
    arguments: [
      ("{method: {service: foo.bar}}", "{method: {service: foo.bar, method: baz}}", "[]", "[]"),
      (
        "{method: {service: foo.bar, method: baz}}",
        "{method: {service: foo.bar, method: baz}, headers: [{name: x-a, value: a}]}", "[]", "[]"
      ),
      (
        "{method: {service: foo.bar, method: baz}}", "{method: {service: foo.bar}}", "[]",
        "[foo.example.com]"
      ),
    ])
  func betterGRPCMatchesWin(
    worse: String, better: String, worseHosts: String, betterHosts: String
  ) {
    let (old, young) = ("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
    for (first, second) in [(old, young), (young, old)] {
      let mesh = pair(
        route(
          "open", matches: "[\(better)]", kind: "GRPCRoute", hosts: betterHosts, created: second),
        route(
          "closed", matches: "[\(worse)]", kind: "GRPCRoute", hosts: worseHosts, created: first),
        kind: "GRPCRoute")
      #expect(
        ask(mesh, "POST", "/foo.bar/baz", host: "foo.example.com", headers: ["x-a": "a"])
          == "allow")
    }
  }
}
