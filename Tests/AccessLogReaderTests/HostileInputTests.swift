import MeshModel
import Testing

@testable import AccessLogReader

/// Lines and files that somebody made to be misread.
@Suite struct HostileInputTests {
  static let honest =
    #"[2026-11-24T02:37:34.318Z] "GET /v1/search?q=1 HTTP/1.1" 200 - via_upstream - "-" 0 31 1 0 "-" "agent" "6527e04c" "retriever.agents" "127.0.0.1:18080" inbound|8080|| 127.0.0.1:42822 10.0.0.9:8080 10.0.0.24:41000 outbound_.8080_._.retriever.agents.svc.cluster.local default"#
  static let denied =
    #"[2026-11-24T02:37:34.318Z] "GET /PATH HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 1 - "-" "AGENT" "6527e04c" "retriever.agents" "-" inbound|8080|| - 10.0.0.9:8080 10.0.0.24:41000 outbound_.8080_._.retriever.agents.svc.cluster.local default"#

  @Test func falseEndingInTheOriginalPathDoesNotHideADenial() {
    let forged = Self.denied.replacing(
      "/PATH", with: #"/healthz HTTP/1.1" 200 - via_upstream - "-" 0 1 1 1 "-" "x"#)
    let result = scan(forged)
    #expect(result.counts.ambiguous == 1)
    #expect(result.requests.isEmpty)
  }

  @Test func forgedLineInTheUserAgentChangesNothing() {
    let forged = Self.denied.replacing(
      "AGENT", with: #"" "x" "y" "-" - - - - - -"# + "\" \"" + Self.honest)
    let result = scan(forged)
    #expect(result.counts.read == 1)
    #expect(result.requests.keys.first?.outcome == .denied)
    #expect(result.requests.keys.first?.deniedBy == nil)
  }

  @Test func formatWithoutUpstreamHostIsAmbiguousWhenTheEndingIsThereTwice() throws {
    var options = AccessLogOptions()
    options.formats = [try #require(EveryFormatTests.customText)]
    let line =
      #"[2026-11-24T02:37:34.318Z] "GET /healthz HTTP/1.1" 200 - via_upstream - - - - "a" "b" "c HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - - - - "a" "rid" "ua" 0 - 10.0.0.1:0 inbound|8080||"#
    let result = scan(line, options: options)
    #expect(result.counts.ambiguous == 1, "\(result.counts)")
    #expect(result.requests.isEmpty)
  }

  @Test(arguments: [
    "\0\0\0\0", "[", "[2026-11-24T02:37:34.318Z]", "{", "{}", "{\"a\":", "garbage",
    "[2026-13-24T02:37:34.318Z] \"GET / HTTP/1.1\" 200 - - - \"-\" 0 0 0 - \"-\" \"-\" \"-\" \"-\" \"-\" - - - - - -",
    "2026-11-24T02:37:34.318Z", "2026-11-24T02:37:34.318000001Z stdout F", "[pod/x/y]", "\u{FEFF}",
    #"{"start_time":"2026-11-24T02:37:34.318Z","method":"GET","method":"PUT","path":"/","response_code":200}"#,
    #"{"start_time":"2026-11-24T02:37:34.318Z","method":"\ud800","path":7,"response_code":"x"}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}},{}]}]}]}"#,
    #"{"log":"{\"log\":\"{}\"}"}"#,
    "2026-11-24T02:37:34.318Z\tinfo\taccess\tconnection complete\tx",
  ])
  func brokenLinesAreCountedAndNothingElse(line: String) {
    let result = scan(line + "\n" + Self.honest + "\n")
    #expect(result.counts.read == 1, "\(result.counts)")
    #expect(result.requests.count == 1)
  }

  @Test func invalidUTF8AndControlCharactersAreReplaced() {
    var line = Array(Self.honest.utf8)
    let place = line.firstIndex(of: UInt8(ascii: "?")) ?? 0
    line.replaceSubrange(place..<place + 1, with: [0xFF, 0x1B, 0x00])
    let result = scan(line)
    #expect(result.requests.keys.first?.pathTemplate == "/v1/search\u{FFFD}\u{FFFD}\u{FFFD}q=1")
  }

  @Test func longLinesAreSkippedAndTheNextIsRead() {
    let long = Array(repeating: UInt8(ascii: "x"), count: 5 << 20)
    for block in [1 << 16, 8 << 20] {
      let result = scan(
        Array(Self.honest.utf8) + [10] + long + [10] + Array(Self.honest.utf8), block: block)
      #expect(result.counts.tooLong == 1)
      #expect(result.counts.read == 2)
      #expect(result.examples.map(\.line) == [2])
    }
  }

  @Test func carriageReturnsAndEmptyLinesAreNoContent() {
    let result = scan("\r\n" + Self.honest + "\r\n\r\n" + Self.honest + "\r\n")
    #expect(result.counts.lines == 2)
    #expect(result.counts.read == 2)
    #expect(result.requests.count == 1)
  }

  @Test func blocksMayEndAnywhere() throws {
    let bytes = Array(try logBytes("server.istio.text.log.gz").prefix(60_000))
    let whole = scan(bytes)
    for block in [1, 7, 64, 351, 4096] { #expect(scan(bytes, block: block) == whole) }
    let json = Array(try logBytes("server.istio.json.log.gz").prefix(60_000))
    #expect(scan(json, block: 113) == scan(json))
  }

  @Test func aCutLineAtTheEndIsNotARejectedOne() {
    let result = scan(Self.honest + "\n" + Self.honest.prefix(90))
    #expect(result.counts.read == 1)
    #expect(result.counts.unterminated == 1)
    #expect(result.counts.rejected == 0)
  }

  @Test func queryStringsAndTokensAreNotKept() {
    let path = "/v1/users/alice@example.com/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc?token=canary"
    let result = scan(Self.honest.replacing("/v1/search?q=1", with: path))
    #expect(result.requests.keys.first?.pathTemplate == "/v1/users/{email}/{token}")
  }
}
