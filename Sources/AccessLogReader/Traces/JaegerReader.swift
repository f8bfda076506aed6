/// Reads traces as Jaeger's API and the export of its page write them: `{"data":[{"traceID":…,"spans":[…],
/// "processes":{…}}]}` (Jaeger documentation, APIs), and one trace or span with its process a line.
package enum JaegerReader {
  package static let format = "jaeger-trace"

  package static func recognises(_ prefix: [UInt8]) -> Bool {
    guard JSONCursor.startsObject(prefix) else { return false }
    return prefix.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      let text = Bytes(base, min(buffer.count, 64 << 10))
      return text.contains("\"traceID\"") && text.contains("\"spanID\"")
        && text.contains("\"operationName\"")
    }
  }

  package static func read(_ bytes: [UInt8], path: String) -> TraceFile {
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
            indices[name] = index(of: process)
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
        case "traceID": span.trace = cursor.scalar() ?? ""
        case "spanID": span.id = cursor.scalar() ?? ""
        case "parentSpanID":
          let parent = cursor.scalar() ?? ""
          if span.parent.isEmpty { span.parent = parent }
        case "startTime":
          // Microseconds.
          let micros = cursor.scalar().flatMap { Int64($0) } ?? 0
          span.start = micros > 0 && micros < .max / 1000 ? micros * 1000 : 0
        case "processID": processID = cursor.scalar() ?? ""
        case "references":
          guard cursor.next == UInt8(ascii: "[") else { return cursor.skipValue() }
          return cursor.elements { cursor in
            guard let reference = cursor.texts() else { return false }
            // The parent of another trace is a link, no parent.
            let isChild = reference["refType"] == "CHILD_OF" || span.parent.isEmpty
            if isChild,
              reference["traceID"] == nil || reference["traceID"] == span.trace
                || span.trace.isEmpty
            {
              span.parent = reference["spanID"] ?? span.parent
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
            if TraceAttributes.isAgentic(key) { span.isAgentic = true }
            if TraceAttributes.span.contains(key) { span.attributes[key] = value }
          }
        case "process" where cursor.next == UInt8(ascii: "{"):
          guard let process = process(&cursor) else { return false }
          span.process = index(of: process)
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

    private var processIndices: [TraceProcess: Int] = [:]

    private mutating func index(of process: TraceProcess) -> Int {
      if let index = processIndices[process] { return index }
      file.processes.append(process)
      processIndices[process] = file.processes.count - 1
      return file.processes.count - 1
    }
  }
}
