/// JSON lines: requests, exports of several, and wrappers.
extension LineReader {
  /// A JSON object: a line of its own, an export, or a wrapper.
  mutating func readObject(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    switch jsonMode {
    case .keys(let index):
      record.format = tables[index].format
      if json.read(window, &record, &times, keys[index]) == .read,
        json.unknownKeys == acceptedUnknownKeys
      {
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
      jsonMode = .keys(best.index)
      acceptedUnknownKeys = best.unknown
      record.reset()
      record.format = tables[best.index].format
      let verdict = json.read(window, &record, &times, keys[best.index])
      if record.format == linkerdJSON { LinkerdApacheLine.finish(&record) }
      return verdict
    }
    if isAmbiguous { return .ambiguous }
    return readStructure(window, &record, depth: depth)
  }

  /// A JSON object that is known by its structure.
  private mutating func readStructure(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    record.reset()
    guard depth < LineReader.deepestWrapper else { return .rejected }
    if window.line.prefix(64).contains("\"resourceLogs\"") {
      guard export.read(window.line) else { return .rejected }
      guard !export.records.isEmpty else { return .other }
      jsonMode = .export
      nextRecord = 0
      rejectedInLine = 0
      otherInLine = 0
      return .several
    }
    guard objects.read(window.line) else { return .rejected }
    let members = JSONWrapper(objects)
    if members.isZtunnel {
      jsonMode = .ztunnel
      record.format = ztunnelJSON
      return readZtunnelObject(&record)
    }
    guard let content = members.content, content.count > 0 else { return .other }
    jsonMode = .wrapper
    if !members.pod.isEmpty { pod = members.pod }
    if !members.podNamespace.isEmpty { podNamespace = members.podNamespace }
    // The content lies in memory of its own; another wrapper inside would overwrite it.
    return readContent(LineWindow(content), &record, depth: LineReader.deepestWrapper)
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
