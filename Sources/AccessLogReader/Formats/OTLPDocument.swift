/// Takes the records out of OTLP JSON logs that lie over any number of lines, and hands each on as an
/// export of one record on a line of its own.
///
/// An export may be pretty-printed, an element of an array, or one line of many megabytes (the
/// OpenTelemetry Collector's batch processor sends 8,192 records at once: its README,
/// `send_batch_size`). Lines between exports are handed on as they are. Works on blocks that end anywhere
/// and keeps one record and its resource.
struct OTLPDocument {
  /// What an open bracket belongs to.
  private enum Container {
    case export
    case resourceLogs
    case resourceLog
    case resource
    case scopeLogs
    case scopeLog
    case logRecords
    case record
    case other
  }

  private enum Place {
    /// Between exports, at the start of a line.
    case outside
    /// In an object on a line whose end is not known yet.
    case held
    /// In an object whose first key is not known yet.
    case head
    /// In a line that is no export.
    case line
    case export
  }

  private var place = Place.outside
  private let isArray: Bool
  private var stack: [Container] = []
  private var tokens = JSONTokenizer()
  private var word: [UInt8] = []
  private var key: [UInt8] = []
  /// What was read of an object before its first key was known.
  private var head = JSONCapture()
  /// The line that may be an export of its own.
  private var held: [UInt8] = []
  /// Whether `held` has its line's end.
  private var isLineHeld = false
  /// Held bytes that are to be walked through.
  private var pending: (bytes: [UInt8], position: Int)?
  private var resource = JSONCapture()
  private var capture = JSONCapture()
  private var captureDepth: Int?
  private static let longestKey = 64
  /// Longer lines are taken apart, so that an export of many megabytes is no line that is too long.
  private static let longestLine = 512 << 10

  /// - Parameter isArray: the exports are elements of one array.
  init(isArray: Bool) {
    self.isArray = isArray
  }

  /// Whether the bytes start an export, or an array of some.
  static func recognises(_ bytes: some Sequence<UInt8>) -> (isExport: Bool, isArray: Bool) {
    let significant = bytes.lazy.filter { $0 > 32 }.prefix(32)
    let start = Array("{\"resourceLogs\"".utf8)
    if significant.starts(with: start) { return (true, false) }
    return (significant.starts(with: [UInt8(ascii: "[")] + start), true)
  }

  /// Takes what is in a block from `position` on, until there is enough output.
  mutating func take(_ block: Bytes, _ position: inout Int, into output: inout [UInt8]) {
    while output.count < LogDocument.outputLimit {
      if pending != nil {
        walkPending(into: &output)
      } else if position < block.count {
        step(block, &position, into: &output)
      } else {
        return
      }
    }
  }

  /// Hands on what has started and not come to its end, as the start of a line; false when there is more.
  mutating func finish(into output: inout [UInt8]) -> Bool {
    if place == .held { releaseHeld(asLine: isLineHeld, into: &output) }
    while pending != nil {
      guard output.count < LogDocument.outputLimit else { return false }
      walkPending(into: &output)
    }
    if place == .export || place == .head {
      output += "{\"resourceLogs\":[".utf8
      place = .outside
      stack = []
    }
    return true
  }

  private mutating func walkPending(into output: inout [UInt8]) {
    guard let (held, start) = pending else { return }
    pending = nil
    var position = start
    held.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let bytes = Bytes(base, buffer.count)
      while output.count < LogDocument.outputLimit, position < bytes.count {
        step(bytes, &position, into: &output, mayHold: false)
      }
    }
    if position < held.count { pending = (held, position) }
  }

  /// Goes on within a block, as far as the place stays the same.
  private mutating func step(
    _ block: Bytes, _ position: inout Int, into output: inout [UInt8], mayHold: Bool = true
  ) {
    switch place {
    case .outside:
      let byte = block[position]
      if [9, 10, 13, 32].contains(byte) || isArray && "[],".utf8.contains(byte) {
        position += 1
      } else if byte != UInt8(ascii: "{") {
        place = .line
      } else if mayHold, !isArray {
        place = .held
      } else {
        beginHead()
      }
    case .held: hold(block, &position, into: &output)
    case .head: takeHead(block, &position, into: &output)
    case .line:
      let rest = block.dropFirst(position)
      let count = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.count
      output += UnsafeBufferPointer(start: rest.start, count: count)
      position += count
      if output.last == 10 { place = .outside }
    case .export: takeExport(block, &position, into: &output)
    }
  }

  /// Waits for the end of the line and what follows it.
  ///
  /// A line that ends in a bracket and is followed by another object, or by nothing, is handed on as it is:
  /// an export a line, as the collector's file exporter writes them, is not walked through here to be taken
  /// apart a second time.
  private mutating func hold(
    _ block: Bytes, _ position: inout Int, into output: inout [UInt8]
  ) {
    if isLineHeld {
      releaseHeld(asLine: block[position] == UInt8(ascii: "{"), into: &output)
      return
    }
    let rest = block.dropFirst(position)
    let newline = rest.firstIndex(of: 10)
    let count = newline.map { $0 + 1 } ?? rest.count
    position += count
    held += UnsafeBufferPointer(start: rest.start, count: count)
    if held.count > OTLPDocument.longestLine {
      releaseHeld(asLine: false, into: &output)
    } else if newline != nil {
      isLineHeld = true
    }
  }

  private mutating func releaseHeld(asLine: Bool, into output: inout [UInt8]) {
    let isObject = held.last { $0 > 32 } == UInt8(ascii: "}")
    isLineHeld = false
    if asLine, isObject {
      output += held
      held.removeAll(keepingCapacity: true)
      place = .outside
    } else {
      pending = (held, 0)
      held = []
      beginHead()
    }
  }

  private mutating func beginHead() {
    place = .head
    tokens = JSONTokenizer()
    head.removeAll()
    word.removeAll(keepingCapacity: true)
  }

  /// An object is an export when that is what its first key says, and else a line like any other.
  ///
  /// Where it is found to be none does not depend on where blocks end: at a token, at a line end within a
  /// string, or where a key is longer than any of an export.
  private mutating func takeHead(
    _ block: Bytes, _ position: inout Int, into output: inout [UInt8]
  ) {
    guard let token = tokens.next(block, &position) else { return }
    switch token {
    case .open where head.isEmpty, .quote(isOpening: true): head.append(token)
    case .text(let piece):
      var count = min(piece.count, OTLPDocument.longestKey + 1 - word.count)
      let lineEnd = piece.prefix(count).firstIndex(of: 10)
      if let lineEnd { count = lineEnd + 1 }
      position -= piece.count - count
      head.append(.text(piece.prefix(count)))
      word += UnsafeBufferPointer(start: piece.start, count: count)
      if lineEnd != nil || word.count > OTLPDocument.longestKey { endHead(into: &output) }
    case .quote(isOpening: false) where word.elementsEqual("resourceLogs".utf8):
      place = .export
      stack = [.export]
      head.removeAll()
    default:
      head.append(token)
      endHead(into: &output)
    }
  }

  private mutating func endHead(into output: inout [UInt8]) {
    output += head.bytes
    place = head.bytes.last == 10 ? .outside : .line
    head.removeAll()
  }

  private mutating func takeExport(
    _ block: Bytes, _ position: inout Int, into output: inout [UInt8]
  ) {
    while place == .export, output.count < LogDocument.outputLimit,
      let token = tokens.next(block, &position)
    {
      let isKept = captureDepth != nil
      if isKept { capture.append(token) }
      switch token {
      case .quote(isOpening: true): word.removeAll(keepingCapacity: true)
      case .text(let piece):
        if !isKept, word.count < OTLPDocument.longestKey {
          word += UnsafeBufferPointer(
            start: piece.start, count: min(piece.count, OTLPDocument.longestKey))
        }
      case .colon: if !isKept { swap(&key, &word) }
      case .open(let bracket): open(bracket, token)
      case .close: close(into: &output)
      case .quote, .comma, .scalar: break
      }
    }
  }

  private mutating func open(_ bracket: UInt8, _ token: JSONTokenizer.Token) {
    let container = captureDepth == nil ? container(openedBy: bracket) : .other
    if container == .resourceLog { resource.removeAll() }
    if container == .resource || container == .record {
      captureDepth = stack.count
      capture.removeAll()
      capture.append(token)
    }
    stack.append(container)
  }

  private func container(openedBy byte: UInt8) -> Container {
    let isObject = byte == UInt8(ascii: "{")
    func isKey(_ name: StaticString) -> Bool {
      key.count == name.utf8CodeUnitCount
        && key.elementsEqual(
          UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
    switch stack.last {
    case .export: return !isObject && isKey("resourceLogs") ? .resourceLogs : .other
    case .resourceLogs: return isObject ? .resourceLog : .other
    case .resourceLog:
      if isObject { return isKey("resource") ? .resource : .other }
      return isKey("scopeLogs") ? .scopeLogs : .other
    case .scopeLogs: return isObject ? .scopeLog : .other
    case .scopeLog: return !isObject && isKey("logRecords") ? .logRecords : .other
    case .logRecords: return isObject ? .record : .other
    case .resource, .record, .other, nil: return .other
    }
  }

  private mutating func close(into output: inout [UInt8]) {
    guard let container = stack.popLast() else { return }
    if captureDepth == stack.count {
      captureDepth = nil
      if container == .resource {
        swap(&resource, &capture)
      } else {
        output += "{\"resourceLogs\":[{\"resource\":".utf8
        output += resource.isEmpty ? Array("{}".utf8) : resource.bytes
        output += ",\"scopeLogs\":[{\"logRecords\":[".utf8
        output += capture.bytes
        output += "]}]}]}\n".utf8
      }
    }
    if stack.isEmpty { place = .outside }
  }
}
