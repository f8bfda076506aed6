/// JSON lines: requests, exports of several, and wrappers.
extension LineReader {
  /// A JSON object: a line of its own, an export, or a wrapper.
  mutating func readObject(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    let (mode, unknownKeys) =
      jsonDepth == 0 ? (jsonMode, acceptedUnknownKeys) : (innerMode, innerUnknownKeys)
    switch mode {
    case .keys(let index):
      record.format = tables[index].format
      if json.read(window, &record, &times, keys[index]) == .read, json.unknownKeys == unknownKeys {
        if record.format == linkerdJSON { LinkerdApacheLine.finish(&record) }
        return .read
      }
    case .ztunnel, .export, .wrapper:
      let verdict = readStructure(window, &record, depth: depth)
      if verdict != .rejected, verdict != .other { return verdict }
    }
    // Whichever format knows most of the keys.
    var best: (index: Int, unknown: Int)?
    var isAmbiguous = false
    for index in tables.indices {
      record.reset()
      let verdict = json.read(window, &record, &times, keys[index])
      if verdict == .ambiguous { isAmbiguous = true }
      guard verdict == .read else { continue }
      if json.unknownKeys < best?.unknown ?? .max { best = (index, json.unknownKeys) }
    }
    if let best {
      remember(.keys(best.index), unknownKeys: best.unknown)
      record.reset()
      record.format = tables[best.index].format
      let verdict = json.read(window, &record, &times, keys[best.index])
      if record.format == linkerdJSON { LinkerdApacheLine.finish(&record) }
      return verdict
    }
    if isAmbiguous { return .ambiguous }
    return readStructure(window, &record, depth: depth)
  }

  /// Keeps what an object was, for the next one as deep inside.
  private mutating func remember(_ mode: JSONMode, unknownKeys: Int = 0) {
    if jsonDepth == 0 {
      jsonMode = mode
      acceptedUnknownKeys = unknownKeys
    } else {
      innerMode = mode
      innerUnknownKeys = unknownKeys
    }
  }

  /// A JSON object that is known by its structure.
  private mutating func readStructure(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    record.reset()
    if depth < LineReader.deepestWrapper, window.line.prefix(64).contains("\"resourceLogs\"") {
      guard export.read(window.line) else { return .rejected }
      guard !export.records.isEmpty else { return .other }
      remember(.export)
      nextRecord = 0
      rejectedInLine = 0
      otherInLine = 0
      return .several
    }
    guard jsonDepth < LineReader.deepestObject else { return .rejected }
    // What the wrapper outside says of the pod stays where it is.
    if jsonDepth > 0 { swap(&objects, &innerObjects) }
    guard objects.read(window.line) else { return .rejected }
    let wrapper = JSONWrapper(objects)
    if wrapper.isZtunnel {
      remember(.ztunnel)
      record.format = ztunnelJSON
      return readZtunnelObject(&record)
    }
    guard let content = wrapper.content, content.count > 0 else { return .other }
    remember(.wrapper)
    if !wrapper.pod.isEmpty { pod = wrapper.pod }
    if !wrapper.podNamespace.isEmpty { podNamespace = wrapper.podNamespace }
    jsonDepth += 1
    defer { jsonDepth -= 1 }
    if let part = LogPrefix.Part(
      ofDocker: window.line, content: content, endsLine: wrapper.endsLine, stream: wrapper.stream)
    {
      return readPart(part, LineWindow(content), &record, depth: depth)
    }
    // The content lies in memory of its own.
    return readContent(LineWindow(content), &record, depth: depth + 1)
  }

  private mutating func readZtunnelObject(_ record: inout LogRecord) -> LineVerdict {
    var pairs = ZtunnelPairs()
    var moment: LogTimeReader.Moment?
    for index in 0..<objects.memberCount {
      let key = objects.key(index)
      let value = objects.value(index)
      if key.equals("time") { moment = times.read(value) }
      if key.equals("message"), value.equals("connection opened") { return .other }
      guard pairs.store(key, value, &record) else { return .ambiguous }
    }
    guard let moment else { return .rejected }
    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    var written = 0
    return pairs.finish(&record, scratch, &written)
  }
}
