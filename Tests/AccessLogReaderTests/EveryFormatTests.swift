import MeshModel
import Testing

@testable import AccessLogReader

/// The same traffic of a real Envoy in every format that it was logged in.
@Suite struct EveryFormatTests {
  static let customText = AccessLogFormat(
    text: "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" "
      + "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %DOWNSTREAM_PEER_URI_SAN% "
      + "%DOWNSTREAM_LOCAL_URI_SAN% %DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_PEER_CERT_V_END% "
      + "\"%REQ(:AUTHORITY)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(USER-AGENT)%\" %DURATION% "
      + "%GRPC_STATUS% %DOWNSTREAM_REMOTE_ADDRESS% %UPSTREAM_CLUSTER_RAW%\n")
  static let customJSON = AccessLogFormat(
    json: [
      "time": "%START_TIME(%s.%6f)%", "method": "%REQ(:METHOD)%",
      "path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", "true_path": "%REQ(:PATH)%",
      "response_code": "%RESPONSE_CODE%", "response_flags": "%RESPONSE_FLAGS%",
      "details": "%RESPONSE_CODE_DETAILS%", "source_principal": "%DOWNSTREAM_PEER_URI_SAN%",
      "destination_principal": "%DOWNSTREAM_LOCAL_URI_SAN%", "tls": "%DOWNSTREAM_TLS_VERSION%",
      "xfcc": "%REQ(X-FORWARDED-CLIENT-CERT)%", "authority": "%REQ(:AUTHORITY)%",
      "direct_remote": "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%", "duration_ms": "%DURATION%",
      "nested.bytes.in": "%BYTES_RECEIVED%", "nested.bytes.out": "%BYTES_SENT%",
    ])

  func options(_ format: AccessLogFormat?) -> AccessLogOptions {
    var options = AccessLogOptions()
    options.formats = format.map { [$0] } ?? []
    return options
  }

  @Test func customTextIsReadWithItsDeclaration() throws {
    let result = scan(
      try logBytes("server.custom.text.log.gz"), options: options(Self.customText))
    #expect(result.counts.read == 2812, "\(result.counts) \(result.examples)")
    #expect(result.counts.readByFormat == ["envoy-custom-text": 2812])
  }

  @Test func customJSONIsReadWithItsDeclaration() throws {
    let result = scan(
      try logBytes("server.custom.json.log.gz"), options: options(Self.customJSON))
    #expect(result.counts.read == 2812, "\(result.counts) \(result.examples)")
    #expect(result.counts.readByFormat == ["envoy-custom-json": 2812])
  }

  @Test func envoyDefaultTextIsRead() throws {
    let result = scan(try logBytes("client.envoy-default.log.gz"))
    #expect(result.counts.read == 3283, "\(result.counts) \(result.examples)")
    #expect(result.counts.readByFormat == ["envoy-text": 3283])
  }

  @Test func otlpRecordsAreReadByTheirBodies() throws {
    let result = scan(try logBytes("otlp.jsonl.gz"))
    // The exporter was stopped before it had sent all of both sides' records.
    #expect(result.counts.read == 5903, "\(result.counts) \(result.examples)")
    #expect(result.counts.rejected == 0)
    var text = scan(try logBytes("client.istio.text.log.gz"))
    text.merge(scan(try logBytes("server.istio.text.log.gz")))
    for (key, sum) in result.requests {
      #expect(sum.count <= text.requests[key]?.count ?? 0, "\(key)")
    }
  }

  /// What every format of the server's side says about how requests ended.
  struct Ending: Hashable {
    var method: String?
    var responseClass: String
    var outcome: ObservedRequestKey.Outcome
    var deniedBy: String?
  }

  func endings(_ result: AccessLogResult) -> [Ending: Int] {
    var counts: [Ending: Int] = [:]
    for (key, sum) in result.requests where key.responseClass != "tcp" {
      // Formats without the upstream host cannot tell what never got there.
      guard key.outcome == .denied else { continue }
      let ending = Ending(
        method: key.method, responseClass: key.responseClass, outcome: key.outcome,
        deniedBy: key.deniedBy)
      counts[ending, default: 0] += sum.count
    }
    return counts
  }

  @Test func everyFormatOfTheServerSeesTheSameDenials() throws {
    let text = endings(scan(try logBytes("server.istio.text.log.gz")))
    #expect(text == endings(scan(try logBytes("server.istio.json.log.gz"))))
    #expect(
      text
        == endings(
          scan(try logBytes("server.custom.text.log.gz"), options: options(Self.customText))))
    #expect(
      text
        == endings(
          scan(try logBytes("server.custom.json.log.gz"), options: options(Self.customJSON))))
    #expect(text.keys.contains { $0.deniedBy == "ns[agents]-policy[deny-admin]-rule[0]" })
    #expect(text.keys.contains { $0.responseClass == "2xx" }, "denials of gRPC have status 200")
  }

  @Test func peerIdentityAndTruePathAreEvidenceWhereLogged() throws {
    let result = scan(
      try logBytes("server.custom.json.log.gz"), options: options(Self.customJSON))
    let principals = Set(result.requests.keys.compactMap(\.source.principal))
    // Nor does the identity of a certificate that was refused, spiffe://evil.local/…, count.
    #expect(
      principals == [
        "spiffe://cluster.local/ns/agents/sa/planner",
        "spiffe://cluster.local/ns/research/sa/crawler",
      ])
    for key in result.requests.keys {
      #expect(key.isPathTrusted == (key.pathTemplate != nil))
      #expect((key.identitySource == .peerURISAN) == (key.source.principal != nil))
      #expect(key.pathTemplate?.contains("forged") != true)
    }
    let plain = scan(try logBytes("server.istio.json.log.gz"))
    #expect(plain.requests.keys.allSatisfy { $0.source.principal == nil && !$0.isPathTrusted })
  }

  @Test func fastTextReaderAgreesWithTheCompiledFormat() throws {
    var options = AccessLogOptions()
    options.formats = [
      try #require(AccessLogFormat(text: AccessLogFormat.istioTextFormat, name: "istio-text"))
    ]
    for name in ["server.istio.text.log.gz", "client.istio.text.log.gz"] {
      let bytes = try logBytes(name)
      var compiled = scan(bytes, options: options)
      compiled.options = AccessLogOptions()
      #expect(compiled.requests == scan(bytes).requests)
    }
  }
}
