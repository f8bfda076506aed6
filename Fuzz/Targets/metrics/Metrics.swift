import AccessLogReader
import MeshModel

/// Prometheus' text and the answers of its HTTP API.
///
/// Whatever the bytes are, reading ends; calls are counted once, however often a file is given; and memory and
/// latency are of series that are there.
enum Metrics: FuzzTarget {
  private static let asOf = UTCTime(seconds: 1_795_150_800)

  static func read(_ bytes: [UInt8]) {
    let isAnswer = QueryAnswerReader.recognises(bytes)
    let file =
      isAnswer
      ? QueryAnswerReader.read(bytes, path: "input") : ExpositionReader.read(bytes, path: "input")
    precondition(
      file.recordCount >= file.series.reduce(0) { $0 + $1.points.count }, "samples out of nothing")
    precondition(file.rejectedCount == 0 || !file.diagnostics.isEmpty, "a line is gone")
    guard file.failure == nil else { return }
    var first = CounterTraffic(directory: TrafficDirectory(), states: [:], scrapeTime: asOf)
    first.add([(path: "input", file: file)])
    var second = CounterTraffic(
      directory: TrafficDirectory(), states: first.states, scrapeTime: asOf)
    second.add([(path: "input", file: file)])
    precondition(second.requests.isEmpty, "calls are counted twice")
    let samples = MetricSamples.samples(
      of: [(path: "input", file: file)], directory: TrafficDirectory(), scrapeTime: asOf)
    precondition(samples.count <= file.series.count, "samples of no series")
  }
}
