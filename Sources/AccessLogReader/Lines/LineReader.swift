/// Finds out which format a line has, by its content, and reads it.
///
/// Several formats may be mixed in one file; each line is judged for itself, beginning with the format
/// of the line before.
struct LineReader: ~Copyable {
  enum JSONMode {
    case keys(Int)
    case ztunnel
    case export
    case wrapper
  }

  /// The formats that lines may have; `LogRecord.format` is an index into them.
  let formats: [LineFormat]
  /// Broken records of a line with several.
  var rejectedInLine = 0
  /// Records of such a line that are no requests.
  var otherInLine = 0

  private let istioText: Int
  private let envoyText: Int
  private let ztunnelText: Int
  let ztunnelJSON: Int
  private let linkerdApache: Int
  let linkerdJSON: Int

  var times = LogTimeReader()
  private let places = PlaceBuffer()
  let scratch: DecodeBuffer
  /// Compiled text formats besides Istio's, in the order in which they are tried: index of the
  /// format and reader.
  ///
  /// Envoy's own default is the last.
  private var texts: [(format: Int, reader: TextLine)] = []
  private let declaredTexts: Int
  /// Index into `texts`, nil for Istio's default.
  private var textMode: Int?

  var json: JSONLine
  let tables: [(format: Int, keys: JSONKeyTable)]
  /// The same, without a reference to count for every line.
  let keys: [JSONLine.Keys]
  /// What the last JSON object was, and what the last one inside a wrapper or export.
  var jsonMode = JSONMode.keys(0)
  var innerMode = JSONMode.keys(0)
  /// Wrappers and exports of JSON around what is being read.
  var jsonDepth = 0
  /// Whether what was read last of a wrapped line is a JSON object.
  private var lastWasObject = false
  var acceptedUnknownKeys = 0
  var innerUnknownKeys = 0
  var objects = JSONObjectReader()
  /// For a wrapper inside a wrapper, whose pod is still to be told.
  var innerObjects = JSONObjectReader()
  var export: OTLPLine
  private let exportAttributes: OTLPAttributes
  var nextRecord = 0

  /// Lines whose last part is still to come.
  var partials = PartialLines()
  /// Finds out whether a line before what is read goes on with the next part of a stream.
  var goesOn: ((_ isError: Bool) -> Bool)?
  var pod = Bytes()
  var podNamespace = Bytes()
  static let deepestWrapper = 4
  /// JSON objects inside one another that are taken apart.
  static let deepestObject = 2

  init(options: AccessLogOptions) {
    json = JSONLine(longestLine: options.longestLine)
    scratch = DecodeBuffer(capacity: options.longestLine + 4096)
    export = OTLPLine(capacity: options.longestLine + 4096)
    var formats: [LineFormat] = []
    func add(_ format: LineFormat) -> Int {
      formats.append(format)
      return formats.count - 1
    }
    istioText = add(.istioText)
    let istioJSON = add(.istioJSON)
    ztunnelText = add(.ztunnelText)
    ztunnelJSON = add(.ztunnelJSON)
    linkerdApache = add(.linkerdApache)
    linkerdJSON = add(.linkerdJSON)
    var tables: [(format: Int, keys: JSONKeyTable)] = []
    // A shape has one byte for its format.
    for format in options.formats.prefix(200) {
      switch format.layout {
      case .text(let elements): texts.append((add(format.lineFormat), TextLine(elements)))
      case .json(let keys): tables.append((add(format.lineFormat), JSONKeySets.table(keys)))
      }
    }
    declaredTexts = texts.count
    textMode = texts.isEmpty ? nil : 0
    if let format = AccessLogFormat(text: AccessLogFormat.envoyTextFormat, name: "envoy-text"),
      case .text(let elements) = format.layout
    {
      envoyText = add(format.lineFormat)
      texts.append((envoyText, TextLine(elements)))
    } else {
      envoyText = istioText
    }
    tables.append((istioJSON, JSONKeySets.table(JSONKeySets.istio)))
    tables.append((linkerdJSON, JSONKeySets.table(JSONKeySets.linkerd)))
    // Of several formats that know all keys of a line the smallest is its own: Envoy writes a key of its
    // format even when it has no value (`omit_empty_values` apart), so a larger one would show more keys.
    self.tables = tables.sorted { $0.keys.keyCount < $1.keys.keyCount }
    keys = self.tables.map { JSONLine.Keys($0.keys) }
    exportAttributes = OTLPAttributes(
      tables: self.tables, bodies: [istioText] + texts.map(\.format), formats: &formats)
    self.formats = formats
  }

  /// What parts the lines of a block whose first line starts with `byte`: quotes in JSON, also where
  /// it is wrapped in something else.
  func separator(ofLineAt byte: UInt8) -> LineMarks.Separator {
    switch byte {
    case UInt8(ascii: "{"): .quote
    case UInt8(ascii: "["): .space
    default: lastWasObject ? .quote : .space
    }
  }

  /// Reads one line, not empty, without its end.
  @inline(__always)
  mutating func read(
    _ window: LineWindow, _ record: inout LogRecord, isFirst: Bool
  ) -> LineVerdict {
    if isFirst { return readFirst(window, &record) }
    record.reset()
    // The two formats that most lines have; all others take the long way.
    if window.line[0] == UInt8(ascii: "["), textMode == nil {
      record.format = istioText
      let verdict = IstioTextLine.read(window, &record, &times, places)
      if verdict == .read { return .read }
    } else if window.line[0] == UInt8(ascii: "{"), case .keys(let index) = jsonMode {
      record.format = tables[index].format
      let verdict = json.read(window, &record, &times, keys[index])
      if verdict == .read, json.unknownKeys == acceptedUnknownKeys {
        if record.format == linkerdJSON { LinkerdApacheLine.finish(&record) }
        return .read
      }
    }
    return readSlowly(window, &record)
  }

  /// Reads the next record of a line with several; false after the last one.
  mutating func next(_ record: inout LogRecord) -> Bool {
    while nextRecord < export.records.count {
      let entry = export.records[nextRecord]
      nextRecord += 1
      pod = export.bytes(entry.pod)
      podNamespace = export.bytes(entry.namespace)
      switch readExported(entry, &record) {
      case .read:
        record[.pod] = pod
        record[.podNamespace] = podNamespace
        return true
      case .other: otherInLine += 1
      default: rejectedInLine += 1
      }
    }
    return false
  }

  /// Reads a record by its body and by its attributes.
  private mutating func readExported(
    _ entry: OTLPLine.Record, _ record: inout LogRecord
  ) -> LineVerdict {
    let body = export.bytes(entry.body)
    record.reset()
    var verdict = LineVerdict.rejected
    if body.count > 0 {
      jsonDepth = 1
      defer { jsonDepth = 0 }
      // Lines inside an export hold no further exports.
      verdict = readContent(LineWindow(body), &record, depth: LineReader.deepestWrapper)
      if verdict == .read {
        exportAttributes.add(entry, of: export, to: &record)
        return .read
      }
    }
    let byAttributes = exportAttributes.read(entry, of: export, &record, &times)
    return byAttributes == .other ? verdict : byAttributes
  }

  private mutating func readFirst(
    _ window: LineWindow, _ record: inout LogRecord
  ) -> LineVerdict {
    var window = window
    // A byte order mark.
    if window.line.hasPrefix("\u{FEFF}") { window.line = window.line.dropFirst(3) }
    guard window.line.count > 0 else { return .other }
    return readSlowly(window, &record)
  }

  @inline(never)
  private mutating func readSlowly(
    _ window: LineWindow, _ record: inout LogRecord
  ) -> LineVerdict {
    pod = Bytes()
    podNamespace = Bytes()
    let verdict = readContent(window, &record, depth: 0)
    if verdict == .read, !pod.isEmpty {
      record[.pod] = pod
      record[.podNamespace] = podNamespace
    }
    return verdict
  }

  /// Reads a line that may be wrapped; `depth` counts the wrappers around it.
  mutating func readContent(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    record.reset()
    guard window.line.count > 0 else { return .other }
    lastWasObject = window.line[0] == UInt8(ascii: "{")
    switch window.line[0] {
    case UInt8(ascii: "{"): return readObject(window, &record, depth: depth)
    case UInt8(ascii: "["): return readBracket(window, &record, depth: depth)
    default: return readWords(window, &record, depth: depth)
    }
  }

  /// A line that starts with `[`: Envoy's text formats, `kubectl logs --prefix`, Envoy's own messages.
  private mutating func readBracket(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    let line = window.line
    if line.hasPrefix("[pod/"), depth < LineReader.deepestWrapper,
      let (name, rest) = LogPrefix.pod(line)
    {
      pod = name
      var inner = window
      inner.line = rest
      return readContent(inner, &record, depth: depth + 1)
    }
    let verdict = readText(window, &record)
    return verdict == .rejected && LogPrefix.isBracketedMessage(line) ? .other : verdict
  }

  /// Tries the text formats of Envoy, the one of the line before first.
  private mutating func readText(
    _ window: LineWindow, _ record: inout LogRecord
  ) -> LineVerdict {
    var isAmbiguous = false
    func tried(_ verdict: LineVerdict) -> Bool {
      if verdict == .ambiguous { isAmbiguous = true }
      return verdict == .read
    }
    if let mode = textMode {
      if tried(readText(mode, window, &record)) { return .read }
    } else if tried(readIstioText(window, &record)) {
      return .read
    }
    for index in 0..<declaredTexts where index != textMode {
      if tried(readText(index, window, &record)) {
        textMode = index
        return .read
      }
    }
    if textMode != nil, tried(readIstioText(window, &record)) {
      textMode = nil
      return .read
    }
    for index in declaredTexts..<texts.count where index != textMode {
      if tried(readText(index, window, &record)) {
        textMode = index
        return .read
      }
    }
    return isAmbiguous ? .ambiguous : .rejected
  }

  private mutating func readText(
    _ index: Int, _ window: LineWindow, _ record: inout LogRecord
  ) -> LineVerdict {
    record.reset()
    record.format = texts[index].format
    return texts[index].reader.read(window.line, &record, &times)
  }

  private mutating func readIstioText(
    _ window: LineWindow, _ record: inout LogRecord
  ) -> LineVerdict {
    record.reset()
    record.format = istioText
    return IstioTextLine.read(window, &record, &times, places)
  }

  /// A line that starts with neither bracket: CRI and `kubectl logs --timestamps` wrappers, ztunnel and
  /// Linkerd text, declared formats, and a proxy's other messages.
  private mutating func readWords(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    let line = window.line
    if depth < LineReader.deepestWrapper, let wrapped = LogPrefix.cri(line) {
      return readPart(wrapped, window, &record, depth: depth)
    }
    for index in 0..<declaredTexts {
      if readText(index, window, &record) == .read { return .read }
      record.reset()
    }
    record.format = linkerdApache
    if LinkerdApacheLine.read(line, &record, &times) == .read { return .read }
    record.reset()
    guard let (time, rest) = LogPrefix.time(line) else {
      if LogPrefix.isMessage(line) { return .other }
      return readNamed(window, &record, depth: depth)
    }
    record.format = ztunnelText
    switch ZtunnelTextLine.read(line, &record, &times, scratch) {
    case .read: return .read
    case .ambiguous: return .ambiguous
    default: break
    }
    record.reset()
    if LogPrefix.isMessage(rest) { return .other }
    guard depth < LineReader.deepestWrapper, time.count > 0 else { return .rejected }
    var inner = window
    inner.line = LogPrefix.afterLabels(rest) ?? rest
    return readContent(inner, &record, depth: depth + 1)
  }

  /// A line with the names of its pod and container in front.
  private mutating func readNamed(
    _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    guard depth < LineReader.deepestWrapper, let named = LogPrefix.stern(window.line) else {
      return .rejected
    }
    pod = named.pod
    podNamespace = named.namespace
    var inner = window
    inner.line = named.rest
    return readContent(inner, &record, depth: depth + 1)
  }

  /// Drops a part of a line in parts that is too long itself, by what it starts with.
  ///
  /// What comes before and after it is no line without it.
  mutating func dropPart(_ start: Bytes) {
    guard let part = LogPrefix.cri(start) else { return }
    if part.isPartial || partials.isContinued(isError: part.isError) {
      partials.drop(isError: part.isError, isLast: !part.isPartial)
    }
  }

  /// A line of a container runtime's log, whose content may be in several parts.
  mutating func readPart(
    _ wrapped: LogPrefix.Part, _ window: LineWindow, _ record: inout LogRecord, depth: Int
  ) -> LineVerdict {
    if partials.isUnknown(isError: wrapped.isError) {
      partials.begin(isError: wrapped.isError, goesOn: goesOn?(wrapped.isError) ?? false)
    }
    if wrapped.isPartial {
      switch partials.append(wrapped.content, isError: wrapped.isError) {
      case .more, .whole: return .more
      case .tooLong: return .rejected
      case .elsewhere: return .elsewhere
      }
    }
    guard partials.isContinued(isError: wrapped.isError) else {
      var inner = window
      inner.line = wrapped.content
      return readContent(inner, &record, depth: depth + 1)
    }
    let (outcome, whole) = partials.finish(wrapped.content, isError: wrapped.isError, scratch)
    switch outcome {
    case .more: return .more
    case .tooLong: return .rejected
    case .elsewhere: return .elsewhere
    case .whole: break
    }
    return readContent(LineWindow(whole), &record, depth: depth + 1)
  }
}
