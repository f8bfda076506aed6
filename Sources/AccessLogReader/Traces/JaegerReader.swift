/// Reads traces as Jaeger's API and the export of its page write them: `{"data":[{"traceID":…,"spans":[…],
/// "processes":{…}}]}` (Jaeger documentation, APIs), and one trace or span with its process a line.
enum JaegerReader {
  static let format = "jaeger-trace"

  static func recognises(_ text: Bytes) -> Bool {
    text.contains("\"traceID\"") && text.contains("\"spanID\"")
      && text.contains("\"operationName\"")
  }

  static func read(_ bytes: [UInt8], path: String) -> TraceFile {
    var reading = Reading(path: path)
    reading.file.failure = JSONCursor.brokenPart(of: bytes) { reading.document(&$0) }
    return reading.file
  }

  private struct Reading {
    var file = TraceFile(format: JaegerReader.format)
    let path: String
    var lines = LineCounter()

    init(path: String) { self.path = path }

    /// An answer with `data`, a trace, or a span.
    mutating func document(_ cursor: inout JSONCursor) -> Bool {
      let start = cursor.position
      var isAnswer = false
      let isRead = cursor.members { cursor, key in
        guard key == "data", cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
        isAnswer = true
        return cursor.elements { self.trace(&$0) }
      }
      guard isRead else { return false }
      if isAnswer { return true }
      // No `data`: the object itself is a trace or a span.
      var again = JSONCursor(cursor.text)
      again.position = start
      let count = file.spans.count + file.rejectedCount
      guard trace(&again) else { return false }
      if file.spans.count + file.rejectedCount == count {
        again.position = start
        var span = TraceSpan()
        let line = lines.line(at: start, in: again.text)
        guard self.span(&again, into: &span) else { return false }
        append(span, line)
      }
      return true
    }

    private mutating func trace(_ cursor: inout JSONCursor) -> Bool {
      var spans: [(span: TraceSpan, process: String, line: Int)] = []
      var indices: [String: Int] = [:]
      let isRead = cursor.members { cursor, key in
        switch key {
        case "spans" where cursor.next == UInt8(ascii: "["):
          return cursor.elements { cursor in
            var span = TraceSpan()
            let line = lines.line(at: cursor.position, in: cursor.text)
            guard self.span(&cursor, into: &span) else { return false }
            spans.append((span, processID, line))
            return true
          }
        case "processes" where cursor.next == UInt8(ascii: "{"):
          return cursor.members { cursor, name in
            guard let process = process(&cursor) else { return false }
            indices[name] = processes.index(of: process, in: &file)
            return true
          }
        default: return cursor.skipValue()
        }
      }
      for (span, process, line) in spans {
        var span = span
        if span.process < 0 { span.process = indices[process] ?? -1 }
        append(span, line)
      }
      return isRead
    }

    private mutating func append(_ span: TraceSpan, _ line: Int) {
      guard !span.trace.isEmpty, !span.id.isEmpty, span.start > 0 else {
        file.reject(
          "a span without trace, id or start time: expected \"traceID\", \"spanID\" and \"startTime\"",
          path: path, line: line)
        return
      }
      file.spans.append(span)
    }

    /// The name of the process of the span that was read last.
    private var processID = ""

    private mutating func span(_ cursor: inout JSONCursor, into span: inout TraceSpan) -> Bool {
      processID = ""
      return cursor.members { cursor, key in
        switch key {
        case "traceID": span.trace = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "spanID": span.id = TraceIdentifier.canonical(cursor.scalar() ?? "")
        case "parentSpanID":
          let parent = TraceIdentifier.canonical(cursor.scalar() ?? "")
          if span.parent.isEmpty { span.parent = parent }
        case "startTime":
          span.start = TraceSpan.nanoseconds(micros: cursor.scalar())
        case "processID": processID = cursor.scalar() ?? ""
        case "references":
          guard cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
          return cursor.elements { cursor in
            guard let reference = cursor.texts() else { return false }
            // The parent of another trace is a link, no parent.
            let isChild = reference["refType"] == "CHILD_OF" || span.parent.isEmpty
            let trace = reference["traceID"].map(TraceIdentifier.canonical)
            if isChild, trace == nil || trace == span.trace || span.trace.isEmpty {
              span.parent = reference["spanID"].map(TraceIdentifier.canonical) ?? span.parent
            }
            return true
          }
        case "tags":
          return tags(&cursor) { key, value in
            if key == "span.kind" {
              span.kind =
                value == "server" || value == "consumer"
                ? .server : value == "client" || value == "producer" ? .client : .other
            }
            span.take(key, value)
          }
        case "process" where cursor.next == UInt8(ascii: "{"):
          guard let process = process(&cursor) else { return false }
          span.process = processes.index(of: process, in: &file)
        default: return cursor.skipValue()
        }
        return true
      }
    }

    private func tags(_ cursor: inout JSONCursor, _ take: (String, String) -> Void) -> Bool {
      guard cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
      return cursor.elements { cursor in
        guard let tag = cursor.texts() else { return false }
        if let key = tag["key"], let value = tag["value"] { take(key, value) }
        return true
      }
    }

    private func process(_ cursor: inout JSONCursor) -> TraceProcess? {
      var process = TraceProcess()
      let isRead = cursor.members { cursor, key in
        switch key {
        case "serviceName":
          process.serviceName = cursor.scalar() ?? ""
          return true
        case "tags":
          return tags(&cursor) { key, value in
            if TraceAttributes.process.contains(key) { process.attributes[key] = value }
          }
        default: return cursor.skipValue()
        }
      }
      return isRead ? process : nil
    }

    private var processes = TraceProcessIndex()
  }
}
