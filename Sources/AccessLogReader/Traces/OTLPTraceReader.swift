/// Reads traces in OTLP JSON, as the collector's file exporter writes them: one export a line, or one
/// document (OpenTelemetry protocol, JSON protobuf encoding: ids are hex, times are text).
///
/// Also what Grafana Tempo answers to `/api/traces/ID`, with `batches` in place of `resourceSpans`, and to
/// `/api/v2/traces/ID`, below `trace` (Tempo documentation, HTTP API), and Jaeger to `/api/v3/traces/ID`,
/// below `result` (Jaeger documentation, APIs).
enum OTLPTraceReader {
  static let format = "otlp-trace"

  static func recognises(_ text: Bytes) -> Bool {
    text.contains("\"resourceSpans\"")
      || text.contains("\"batches\"")
        && (text.contains("\"scopeSpans\"") || text.contains("\"instrumentationLibrarySpans\""))
  }

  static func read(_ bytes: [UInt8], path: String) -> TraceFile {
    var reading = Reading(path: path)
    reading.file.failure = JSONCursor.brokenPart(of: bytes) { reading.export(&$0) }
    return reading.file
  }

  private struct Reading {
    var file = TraceFile(format: OTLPTraceReader.format)
    let path: String
    var lines = LineCounter()

    init(path: String) { self.path = path }

    mutating func export(_ cursor: inout JSONCursor, depth: Int = 0) -> Bool {
      cursor.members { cursor, key in
        switch key {
        case "resourceSpans" where cursor.next == UInt8(ascii: "["),
          "batches" where cursor.next == UInt8(ascii: "["):
          return cursor.elements { self.resource(&$0) }
        case "trace" where depth == 0 && cursor.next == UInt8(ascii: "{"),
          "result" where depth == 0 && cursor.next == UInt8(ascii: "{"):
          return self.export(&cursor, depth: 1)
        default: return cursor.skipValue()
        }
      }
    }

    private mutating func resource(_ cursor: inout JSONCursor) -> Bool {
      var process = TraceProcess()
      let first = file.spans.count
      let isRead = cursor.members { cursor, key in
        switch key {
        case "resource" where cursor.next == UInt8(ascii: "{"):
          return cursor.members { cursor, key in
            guard key == "attributes" else { return cursor.skipValue() }
            return attributes(&cursor) { key, value in
              if TraceAttributes.process.contains(key) { process.attributes[key] = value }
            }
          }
        case "scopeSpans", "instrumentationLibrarySpans":
          guard cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
          return cursor.elements { cursor in
            cursor.members { cursor, key in
              guard key == "spans", cursor.next == UInt8(ascii: "[") else {
                return cursor.skipValue()
              }
              return cursor.elements { self.span(&$0) }
            }
          }
        default: return cursor.skipValue()
        }
      }
      process.serviceName = process.attributes["service.name"] ?? ""
      file.processes.append(process)
      // The resource may stand behind its spans.
      for index in first..<max(file.spans.count, first) {
        file.spans[index].process = file.processes.count - 1
      }
      return isRead
    }

    private mutating func span(_ cursor: inout JSONCursor) -> Bool {
      var span = TraceSpan()
      let line = lines.line(at: cursor.position, in: cursor.text)
      let isRead = cursor.members { cursor, key in
        switch key {
        case "traceId": span.trace = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "spanId": span.id = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "parentSpanId": span.parent = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "kind":
          // Numbers by the encoding; names by lenient writers (opentelemetry-proto, SpanKind).
          switch cursor.scalar() ?? "" {
          case "2", "5", "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER": span.kind = .server
          case "3", "4", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER": span.kind = .client
          default: span.kind = .other
          }
        case "startTimeUnixNano": span.start = cursor.scalar().flatMap { Int64($0) } ?? 0
        case "attributes":
          return attributes(&cursor) { key, value in span.take(key, value) }
        default: return cursor.skipValue()
        }
        return true
      }
      guard isRead else { return false }
      guard !span.trace.isEmpty, !span.id.isEmpty, span.start > 0 else {
        file.reject(
          "a span without trace, id or start time: expected \"traceId\", \"spanId\" and "
            + "\"startTimeUnixNano\"", path: path, line: line)
        return true
      }
      file.spans.append(span)
      return true
    }

    /// `[{"key":"name","value":{"stringValue":"text"}}]`; values that are lists or maps are skipped.
    private func attributes(
      _ cursor: inout JSONCursor, _ take: (String, String) -> Void
    ) -> Bool {
      guard cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
      return cursor.elements { cursor in
        var name = ""
        var text: String?
        let isRead = cursor.members { cursor, key in
          if key == "key" {
            name = cursor.scalar() ?? ""
            return true
          }
          guard key == "value", cursor.next == UInt8(ascii: "{") else { return cursor.skipValue() }
          guard let values = cursor.texts() else { return false }
          text = values.values.first ?? ""
          return true
        }
        if let text { take(name, text) }
        return isRead
      }
    }
  }
}
