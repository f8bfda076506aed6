/// Reads spans as Zipkin's API version 2 has them: an array of spans, an array of traces that are arrays of
/// spans, or one span a line (Zipkin API 2.0, `Span`), which Istio's proxies send by default and Jaeger and
/// Tempo take.
enum ZipkinReader {
  static let format = "zipkin-trace"

  static func recognises(_ text: Bytes) -> Bool {
    text.contains("\"traceId\"") && text.contains("\"localEndpoint\"")
  }

  static func read(_ bytes: [UInt8], path: String) -> TraceFile {
    var reading = Reading(path: path)
    reading.file.failure = JSONCursor.brokenPart(of: bytes) { reading.spans(&$0) }
    return reading.file
  }

  private struct Reading {
    var file = TraceFile(format: ZipkinReader.format)
    let path: String
    private var lines = LineCounter()
    private var processes = TraceProcessIndex()

    init(path: String) { self.path = path }

    /// A span, or a trace's.
    mutating func spans(_ cursor: inout JSONCursor) -> Bool {
      guard cursor.next == UInt8(ascii: "[") else { return span(&cursor) }
      return cursor.elements { self.span(&$0) }
    }

    private mutating func span(_ cursor: inout JSONCursor) -> Bool {
      var span = TraceSpan()
      var process = TraceProcess()
      let line = lines.line(at: cursor.position, in: cursor.text)
      let isRead = cursor.members { cursor, key in
        switch key {
        case "traceId": span.trace = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "id": span.id = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "parentId": span.parent = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "kind":
          switch cursor.scalar() ?? "" {
          case "SERVER", "CONSUMER": span.kind = .server
          case "CLIENT", "PRODUCER": span.kind = .client
          default: span.kind = .other
          }
        case "timestamp": span.start = TraceSpan.nanoseconds(micros: cursor.scalar())
        case "localEndpoint" where cursor.next == UInt8(ascii: "{"):
          guard let endpoint = cursor.texts() else { return false }
          process.serviceName = endpoint["serviceName"] ?? ""
          if let address = endpoint["ipv4"] ?? endpoint["ipv6"] {
            process.attributes[TraceAttributes.address] = address
          }
        case "remoteEndpoint" where cursor.next == UInt8(ascii: "{"):
          guard let endpoint = cursor.texts() else { return false }
          if let name = endpoint["serviceName"], !name.isEmpty {
            span.attributes["peer.service"] = name
          }
        case "tags" where cursor.next == UInt8(ascii: "{"):
          guard let tags = cursor.texts() else { return false }
          for (key, value) in tags { span.take(key, value) }
        default: return cursor.skipValue()
        }
        return true
      }
      guard isRead else { return false }
      guard !span.trace.isEmpty, !span.id.isEmpty, span.start > 0 else {
        file.reject(
          "a span without trace, id or start time: expected \"traceId\", \"id\" and \"timestamp\"",
          path: path, line: line)
        return true
      }
      span.process = processes.index(of: process, in: &file)
      file.spans.append(span)
      return true
    }
  }
}
