import MeshModel
import Testing

@testable import AccessLogReader

/// What stands in a scrape, an export or an answer.
@Suite struct CounterReaderTests {
  @Test(arguments: [
    "# TYPE istio_requests_total counter\nistio_requests_total{a=\"b\"} 1\n",
    "# HELP x y\n# TYPE x gauge\n", "istio_requests_total{a=\"b\"} 1\n",
    "{__name__=\"istio_requests_total\", a=\"b\"} 1 1732428000000\n",
  ])
  func expositionIsRecognised(text: String) {
    #expect(ExpositionReader.recognises(Array(text.utf8)))
  }

  @Test(arguments: [
    "apiVersion: v1\nkind: Pod\n", "# a comment\nkind: Pod\n", "{\"a\": 1}\n", "- a\n", "",
    "[2026-11-19T10:00:21.404Z] \"GET / HTTP/1.1\" 200\n", "name,value\n",
  ])
  func otherTextIsNoExposition(text: String) {
    #expect(!ExpositionReader.recognises(Array(text.utf8)))
    #expect(!QueryAnswerReader.recognises(Array(text.utf8)))
  }

  @Test func labelsAreUnescaped() throws {
    let sample = try #require(
      ExpositionSample(#"m{a="x\"y\\z\n",b="{,}=1",} 1.5e3 1732428000123 # {t="1"} 1"#))
    #expect(sample.labels["a"] == "x\"y\\z\u{FFFD}")
    #expect(sample.labels["b"] == "{,}=1")
    #expect(sample.value == 1500)
    #expect(sample.timestamp == 1_732_428_000_123)
  }

  @Test(arguments: ["m{a=\"x} 1", "m{a=x} 1", "m{a=\"x\"}", "m{a=\"x\"} one", "m 1 x", "{} 1", ""])
  func brokenSamplesAreNone(text: String) {
    #expect(ExpositionSample(text) == nil)
  }

  /// Milliseconds in Prometheus' format, seconds in OpenMetrics'.
  @Test(arguments: [
    ("1732428000123\n", "2024-11-24T06:00:00.123Z"),
    ("1732428000.123\n# EOF\n", "2024-11-24T06:00:00.123Z"),
  ])
  func timestampsAreOfTheirFormat(ending: String, time: String) throws {
    let file = ExpositionReader.read(
      Array("istio_requests_total{reporter=\"source\"} 3 \(ending)".utf8), path: "a.prom")
    let point = try #require(file.series.first?.points.first)
    #expect(point.time?.millisecondText == time)
  }

  @Test func wrongLinesAreNamedAndTheRestIsRead() {
    let text = """
      # TYPE istio_requests_total counter
      istio_requests_total{reporter="source"} 3
      some words of a person
      istio_requests_total{reporter="source} 3
      envoy_cluster_upstream_cx_total{} 17
      process_cpu 5
      """
    let file = ExpositionReader.read(Array(text.utf8), path: "dir/a.prom")
    #expect(file.recordCount == 1)
    #expect(file.rejectedCount == 2)
    #expect(file.diagnostics.map { $0.location?.line } == [3, 4])
    #expect(file.diagnostics.allSatisfy { $0.location?.path == "dir/a.prom" })
  }

  @Test func answersOfBothKindsAreRead() throws {
    let vector = """
      {"status":"success","data":{"resultType":"vector","result":[
      {"metric":{"__name__":"response_total","direction":"inbound","pod":"p-1","namespace":"n"},
      "value":[1732428000.5,"12"]}]}}
      """
    let file = QueryAnswerReader.read(Array(vector.utf8), path: "q.json")
    let series = try #require(file.series.first)
    #expect(series.name == "response_total")
    #expect(series.target == "n/p-1")
    #expect(series.points == [.init(time: UTCTime("2024-11-24T06:00:00.5Z"), value: 12)])
    #expect(file.isScrape)
    let matrix = """
      {"data":{"result":[{"values":[[1,"1"],[2,"1"],[3,"1"],[4,"5"],[5,"NaN"],[6,"5"]],
      "metric":{"__name__":"istio_requests_total"}}],"resultType":"matrix"},"status":"success"}
      """
    let range = QueryAnswerReader.read(Array(matrix.utf8), path: "q.json")
    #expect(!range.isScrape)
    // Only changes are kept, both sides of each.
    #expect(range.series.first?.points.map(\.value) == [1, 1, 5, 5])
    #expect(range.series.first?.sampleCount == 5)
  }

  @Test func calculatedSeriesAreRefusedByLine() {
    let text = """
      {"status":"success","data":{"resultType":"vector","result":[
      {"metric":{"source_principal":"x"},"value":[1,"2"]}]}}
      """
    let file = QueryAnswerReader.read(Array(text.utf8), path: "q.json")
    #expect(file.rejectedCount == 1)
    #expect(file.diagnostics.first?.location?.line == 2)
    #expect(file.diagnostics.first?.hint?.contains("istio_requests_total[1d]") == true)
  }

  @Test(arguments: ["scalar", "string"]) func calculatedValuesAreRefused(type: String) {
    let text =
      #"{"status":"success","data":{"resultType":"\#(type)","result":[1763463600,"42"]}}"#
    let file = QueryAnswerReader.read(Array(text.utf8), path: "m.json")
    #expect(file.rejectedCount == 1)
    #expect(file.recordCount == 0)
    #expect(file.diagnostics.first?.message.contains(type) == true)
  }

  @Test func impossibleValuesAreNamedAndTheEndOfASeriesIsNot() {
    let text = """
      istio_requests_total{a="1"} -3
      istio_requests_total{a="2"} 1e400
      istio_requests_total{a="3"} NaN
      istio_requests_total{a="4"} 3
      """
    let file = ExpositionReader.read(Array(text.utf8), path: "m.prom")
    #expect(file.rejectedCount == 2)
    #expect(file.diagnostics.compactMap { $0.location?.line } == [1, 2])
    #expect(file.recordCount == 1)
  }

  /// What `/federate` gives where two jobs, or both of a Prometheus pair, scrape one pod.
  @Test func twoJobsScrapeOneCounter() {
    func sample(_ job: String, _ value: Int, _ time: Int) -> String {
      "istio_requests_total{job=\"\(job)\",instance=\"\(job):1\",namespace=\"agents\",pod=\"p\"} "
        + "\(value) \(time)\n"
    }
    let file = ExpositionReader.read(
      Array((sample("a", 15, 1_763_463_600_000) + sample("b", 16, 1_763_463_610_000)).utf8),
      path: "fed.prom")
    #expect(file.series.count == 1)
    #expect(file.isScrape)
    #expect(file.series.first?.points.map(\.value) == [15, 16])
    let export = ExpositionReader.read(
      Array((sample("a", 15, 1_763_463_600_000) + sample("a", 16, 1_763_463_610_000)).utf8),
      path: "dump.om")
    #expect(!export.isScrape)
  }

  @Test func anErrorOfPrometheusIsAFailure() {
    let text = #"{"status":"error","errorType":"timeout","error":"query timed out"}"#
    #expect(QueryAnswerReader.recognises(Array(text.utf8)))
    let file = QueryAnswerReader.read(Array(text.utf8), path: "q.json")
    #expect(file.failure == "Prometheus answered with an error: \"query timed out\"")
  }

  /// Cut anywhere, an answer is not read in part.
  @Test func everyCutOfAnAnswerFails() {
    let text =
      #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"#
      + #""response_total","direction":"inbound"},"value":[1,"2"]}]}}"#
    let bytes = Array(text.utf8)
    for length in 1..<bytes.count {
      #expect(QueryAnswerReader.read(Array(bytes.prefix(length)), path: "q").failure != nil)
    }
    #expect(QueryAnswerReader.read(bytes, path: "q").failure == nil)
  }

  @Test(arguments: [
    ("2026-11-24/planner-7d9f-x2x4q.prom", "planner-7d9f-x2x4q"),
    ("a/planner.20261125T06.prom.gz", "planner"), ("planner-20261124.metrics", "planner"),
    ("planner_2026-11-24T06:00.txt", "planner"), ("vllm-0.prom", "vllm-0"),
  ])
  func scrapesOfOneProxyAreOfOneTarget(path: String, target: String) {
    #expect(CounterCollector.target(ofFile: path) == target)
  }
}
