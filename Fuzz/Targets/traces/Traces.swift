import AccessLogReader
import MeshModel

/// Traces of Jaeger, Zipkin and Tempo, and in OTLP.
///
/// Whatever the bytes are, reading ends; a span that is read has a trace, an id and a time; and a trace that is
/// given twice is one.
enum Traces: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let file = TraceFormats.read(bytes, path: "input")
    for span in file.spans {
      precondition(!span.trace.isEmpty && !span.id.isEmpty && span.start > 0, "half a span")
    }
    precondition(file.rejectedCount == 0 || !file.diagnostics.isEmpty, "a span is gone")
    let once = traffic([file])
    let twice = traffic([file, file])
    precondition(once.requests == twice.requests, "calls are counted twice")
    precondition(once.orderedChains == twice.orderedChains, "chains are counted twice")
    let calls = once.requests.values.reduce(0) { $0 + $1.count }
    precondition(calls <= file.spans.count, "more calls than spans")
  }

  private static func traffic(_ files: [TraceFile]) -> TraceTraffic {
    var traffic = TraceTraffic(directory: TrafficDirectory())
    traffic.add(files) { _ in false }
    return traffic
  }
}
