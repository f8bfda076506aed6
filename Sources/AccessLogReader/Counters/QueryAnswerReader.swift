import MeshModel

/// Reads what Prometheus' HTTP API answers to `query` and `query_range`.
///
/// Prometheus documentation, HTTP API: `{"status":"success","data":{"resultType":"matrix","result":[
/// {"metric":{…},"values":[[seconds,"value"],…]}]}}`, with `value` for a vector. Also what speaks the same
/// API: Thanos, Cortex, Mimir, VictoriaMetrics.
package enum QueryAnswerReader {
  package static let format = "prometheus-api"

  /// Whether text starts as an answer.
  package static func recognises(_ prefix: [UInt8]) -> Bool {
    guard prefix.first(where: { $0 > 32 }) == UInt8(ascii: "{") else { return false }
    return prefix.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      let text = Bytes(base, min(buffer.count, 64 << 10))
      // Loki answers in the same form, with lines of logs.
      guard text.contains("\"status\""), !text.contains("\"streams\"") else { return false }
      return text.contains("\"resultType\"") || text.contains("\"errorType\"")
    }
  }

  /// Reads a whole file: one answer, or several behind each other.
  package static func read(_ bytes: [UInt8], path: String) -> CounterFile {
    var collector = CounterCollector(path: path, format: format)
    var lines = LineCounter()
    // What was read before counts nothing: it will come again whole.
    if let failure = JSONCursor.brokenPart(
      of: bytes, read: { readAnswer(&$0, &lines, into: &collector) })
    {
      collector.fail(failure)
    }
    return collector.finish()
  }

  private static func readAnswer(
    _ cursor: inout JSONCursor, _ lines: inout LineCounter,
    into collector: inout CounterCollector
  ) -> Bool {
    var status = ""
    var problem: String?
    let isRead = cursor.members { cursor, key in
      switch key {
      case "status":
        status = cursor.scalar() ?? ""
        return true
      case "error":
        problem = cursor.scalar()
        return true
      case "data":
        guard cursor.next == UInt8(ascii: "{") else { return cursor.skipValue() }
        return cursor.members { cursor, key in
          if key == "resultType", let type = cursor.scalar() {
            if type == "scalar" || type == "string" {
              refuse(type, cursor, &lines, into: &collector)
            }
            return true
          }
          guard key == "result", cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
          return cursor.elements { readSeries(&$0, &lines, into: &collector) }
        }
      default: return cursor.skipValue()
      }
    }
    guard isRead else { return false }
    if status == "error" {
      collector.fail("Prometheus answered with an error: \"\(problem ?? "")\"")
    }
    return true
  }

  private static func refuse(
    _ type: String, _ cursor: JSONCursor, _ lines: inout LineCounter,
    into collector: inout CounterCollector
  ) {
    collector.reject(
      "an answer of type \"\(type)\" is a calculated value, not a counter",
      line: lines.line(at: cursor.position, in: cursor.text),
      hint: "query the counter itself, for example istio_requests_total[1d], without scalar()")
  }

  private static func readSeries(
    _ cursor: inout JSONCursor, _ lines: inout LineCounter,
    into collector: inout CounterCollector
  ) -> Bool {
    // The answer to a scalar query is a pair of numbers.
    guard cursor.next == UInt8(ascii: "{") else { return cursor.skipValue() }
    let line = lines.line(at: cursor.position, in: cursor.text)
    var labels: [String: String] = [:]
    var points: [CounterSeries.Point] = []
    let isRead = cursor.members { cursor, key in
      switch key {
      case "metric":
        guard let texts = cursor.texts() else { return false }
        labels = texts
        return true
      case "value":
        guard let point = readPoint(&cursor) else { return false }
        points.append(point)
        return true
      case "values":
        return cursor.elements { cursor in
          guard let point = readPoint(&cursor) else { return false }
          points.append(point)
          return true
        }
      default: return cursor.skipValue()
      }
    }
    guard isRead else { return false }
    guard let name = labels.removeValue(forKey: "__name__") else {
      // A sum or a rate: neither resets nor what was added up can be told any more.
      collector.reject(
        "a series without \"__name__\" is a calculated one, not a counter", line: line,
        hint: "query the counter itself, for example istio_requests_total[1d], without sum or rate")
      return true
    }
    guard CounterCatalog.isKnown(name) else { return true }
    let index = collector.index(name: name, labels: labels, line: line)
    collector.noteSamples(points.count, name: name, labels: labels)
    for point in points { collector.add(point, to: index) }
    return true
  }

  /// `[1732428000.123, "42"]`; a value that is no number (`NaN`, `+Inf`, a native histogram) is left out
  /// by the collector.
  private static func readPoint(_ cursor: inout JSONCursor) -> CounterSeries.Point? {
    var parts: [String] = []
    let isRead = cursor.elements { cursor in
      guard let part = cursor.scalar() else { return cursor.skipValue() }
      parts.append(part)
      return true
    }
    guard isRead, parts.count == 2, let seconds = Double(parts[0]), seconds.isFinite else {
      return nil
    }
    return CounterSeries.Point(
      time: CounterTime.time(seconds), value: Double(parts[1]) ?? .nan)
  }
}
