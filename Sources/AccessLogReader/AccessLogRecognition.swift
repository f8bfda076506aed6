/// What the start of a file was recognised as, by its content.
package enum AccessLogRecognition: Hashable, Sendable {
  /// An access log; the name of the format of its first readable line (`otlp-json` for exports).
  case format(String)
  /// A proxy's log without access log lines so far: some may follow.
  case messages
  /// No access log.
  case none

  /// Looks at the first complete lines of a file; `isWhole` says that there is no more of it.
  ///
  /// Compressed files are inflated before. Nothing is counted; 64 KiB are enough.
  package init(
    prefix: UnsafeRawBufferPointer, isWhole: Bool, options: AccessLogOptions = AccessLogOptions()
  ) {
    self = .none
    if EngineQuery.recognises(prefix) {
      self = .format("engine-rows")
      return
    }
    guard let base = prefix.baseAddress?.assumingMemoryBound(to: UInt8.self), prefix.count > 0
    else { return }
    var options = options
    options.longestLine = max(prefix.count, 4096)
    var reader = LineReader(options: options)
    var record = LogRecord()
    let upper = base + prefix.count
    var position = base
    var isFirst = true
    var read = 0
    var rejected = 0
    var messages = 0
    var name: String?
    while position < upper, read + rejected + messages < 200 {
      let rest = Bytes(position, upper - position)
      let end = rest.firstIndex(of: 10)
      guard end != nil || isWhole || isFirst else { break }
      var line = rest.prefix(end ?? rest.count)
      position += line.count + 1
      if line.count > 0, line[line.count - 1] == 13 { line.count -= 1 }
      guard line.count > 0 else { continue }
      if end == nil, !isWhole {
        // The first line alone is longer than the prefix: an export, or nothing of ours.
        if line.prefix(64).contains("\"resourceLogs\"") { self = .format("otlp-json") }
        return
      }
      switch reader.read(
        LineWindow(line: line, lower: base, upper: upper), &record, isFirst: isFirst)
      {
      case .read:
        read += 1
        name = name ?? reader.formats[record.format].name
      case .several:
        if reader.next(&record) {
          read += 1
          name = name ?? "otlp-json"
        } else {
          rejected += 1
        }
      case .more, .elsewhere: break
      case .ambiguous, .rejected: rejected += 1
      case .other: if line[0] == UInt8(ascii: "{") { rejected += 1 } else { messages += 1 }
      }
      isFirst = false
    }
    if let name, read + messages >= rejected {
      self = .format(name)
    } else if messages > 0, rejected == 0 {
      self = .messages
    }
  }
}
