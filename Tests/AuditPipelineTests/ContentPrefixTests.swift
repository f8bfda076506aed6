import Testing

@testable import AuditPipeline

@Suite struct ContentPrefixTests {
  private static let line =
    #"[2026-11-24T02:37:34.318Z] "GET /v1/search HTTP/1.1" 200 - via_upstream - "-" 0 31 1 0 "-" "agent" "6527e04c" "retriever.agents" "127.0.0.1:18080" inbound|8080|| 127.0.0.1:42822 10.0.0.9:8080 10.0.0.24:41000 - default"#
    + "\n"

  @Test func longFirstLineHidesNoLog() throws {
    let long = String(repeating: "[", count: 200_000) + "\n"
    let log = Array((long + String(repeating: Self.line, count: 400)).utf8)
    let count = try #require(ContentPrefix.count(of: log))
    #expect(count == 200_000 + 65_536)
    guard case .accessLog(let format) = ContentKind.of(Array(log.prefix(count))) else {
      Issue.record("not recognised")
      return
    }
    #expect(format == "istio-text")
  }

  @Test func shortLinesNeedSixtyFourKiBAndNoLineAllThatIsRead() {
    let log = Array(String(repeating: Self.line, count: 1_000).utf8)
    #expect(ContentPrefix.count(of: log) == 65_536)
    #expect(ContentPrefix.count(of: Array(log.prefix(1_000))) == nil)
    #expect(ContentPrefix.count(of: [UInt8](repeating: 0, count: 100_000)) == nil)
    #expect(ContentPrefix.count(of: [UInt8](repeating: 0, count: 3 << 20)) == 2 << 20)
  }
}
