import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// `meshaudit sql`: the text of the queries, and what is read of their rows.
///
/// That real engines give the records of the logs themselves is shown by `make check-engines`.
@Suite struct EngineQueryTests {
  private static let goldens = accessLogData.appendingPathComponent("engines")

  @Test(arguments: [
    ("clickhouse-otel", Engine.clickhouse, EngineQuery.Source.openTelemetry(table: "otel_logs")),
    ("clickhouse-json", .clickhouse, .json(files: "access-*.jsonl")),
    ("duckdb-otel", .duckdb, .openTelemetry(table: "otel_logs")),
    ("duckdb-json", .duckdb, .json(files: "it's.jsonl")),
    ("spark-otel", .spark, .openTelemetry(table: "otel_logs")),
    ("spark-json", .spark, .json(files: "access-*.jsonl")),
  ])
  func textsAreAsRecorded(name: String, engine: Engine, source: EngineQuery.Source) throws {
    let text = try #require(EngineQuery(engine: engine, source: source, format: nil)).text
    let file = EngineQueryTests.goldens.appendingPathComponent("\(name).sql")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: EngineQueryTests.goldens, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == text)
  }

  @Test func aDeclaredFormatNamesItsMembers() throws {
    let format = try #require(
      AccessLogFormat(
        jsonText: """
          {"at":"%START_TIME%","who":"%DOWNSTREAM_PEER_URI_SAN%","verb":"%REQ(:METHOD)%",
          "where":"%REQ(:PATH)%","agent":"%REQ(USER-AGENT)%"}
          """))
    let query = try #require(
      EngineQuery(engine: .duckdb, source: .json(files: "a"), format: format))
    #expect(query.text.contains("\"who\""))
    #expect(!query.text.contains("agent"))
  }

  @Test func membersThatNoEngineCanNameAreRefused() throws {
    for member in ["it's", "a.b", "a\\\"b", ""] {
      let format = AccessLogFormat(
        jsonText: "{\"t\":\"%START_TIME%\",\"m\":\"%REQ(:METHOD)%\",\"\(member)\":\"%REQ(:PATH)%\"}"
      )
      guard let format else { continue }
      #expect(EngineQuery(engine: .spark, source: .json(files: "a"), format: format) == nil)
    }
    let text = try #require(AccessLogFormat(text: AccessLogFormat.envoyTextFormat))
    #expect(EngineQuery(engine: .spark, source: .json(files: "a"), format: text) == nil)
  }

  private static func row(
    rows: Int = 2, count: Int = 3, path: String = "/v1/documents/{id}",
    last: String = "2026-11-24T05:00:00.000Z", latency: String = "4:2 28672:1"
  ) -> String {
    """
    {"meshaudit_schema":"traffic-rows-1","meshaudit_rows":\(rows),"meshaudit_count":\(count),\
    "meshaudit_last":"\(last)","meshaudit_hours":48,"meshaudit_latency":"\(latency)",\
    "authority":"a:1","bytes_received":7,"bytes_sent":9,"downstream_local_address":"10.0.0.1:80",\
    "downstream_remote_address":"10.0.0.2:1","method":"GET","path":"\(path)","protocol":"HTTP/1.1",\
    "response_code":200,"response_code_details":"via_upstream","response_flags":"-",\
    "start_time":"2026-11-24T04:00:00.000Z","upstream_cluster":"inbound|80||",\
    "upstream_host":"10.0.0.1:80"}

    """
  }

  @Test func rowsStandForTheirLines() throws {
    let result = scan(
      EngineQueryTests.row() + EngineQueryTests.row(count: 5, path: "/v1/documents/77", latency: "")
    )
    #expect(result.problem == nil)
    #expect(result.counts.read == 8)
    #expect(result.counts.lines == 8)
    #expect(result.counts.readByFormat == ["istio-json": 8])
    let (key, sum) = try #require(result.requests.first)
    #expect(result.requests.count == 1)
    #expect(key.pathTemplate == "/v1/documents/{id}")
    #expect(sum.count == 8)
    #expect(sum.bytesReceived == 14)
    #expect(sum.bytesSent == 18)
    #expect(sum.latency.count == 3)
    #expect(sum.firstSeen == UTCTime("2026-11-24T04:00:00Z"))
    #expect(sum.lastSeen == UTCTime("2026-11-24T05:00:00Z"))
  }

  @Test(arguments: [
    row(), row() + row() + row(), row(rows: 1) + row(rows: 2), row(rows: 1, count: 0),
    row(rows: 1, last: "2026-11-24T03:00:00.000Z"), row(rows: 1, latency: "9:1"),
    row(rows: 1, latency: "4:4"), row(rows: 1, latency: "4"), row(rows: 1, latency: "x:1"),
    row(rows: 1) + "{}\n", row().dropLast(40) + "\n", row() + row().dropLast(40),
  ])
  func brokenRowsCountNothing(text: String) {
    #expect(scan(text).problem != nil)
  }

  @Test func rowsAreRowsOnlyWhenTheFileStartsWithThem() {
    let line = HostileInputTests.honest + "\n"
    let result = scan(line + EngineQueryTests.row(rows: 1, count: 1_000_000) + line)
    #expect(result.counts.lines == 3)
    #expect(result.requests.values.allSatisfy { $0.count <= 2 })
  }
}
