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
    /// In an object whose first key is not known yet.
    case head
    /// In a line that is no export.
    case line
    case export
  }

  private var place = Place.outside
  private var isArray: Bool
  private var stack: [Container] = []
  private var isInString = false
  private var isEscaped = false
  private var word: [UInt8] = []
  private var key: [UInt8] = []
  /// What was read of an object before its first key was known.
  private var head: [UInt8] = []
  private var resource: [UInt8] = []
  private var capture: [UInt8] = []
  private var captureDepth: Int?
  private static let longest = 4 << 20
  private static let longestKey = 64

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

  /// Whether nothing has started that has not come to its end.
  var isWhole: Bool { place == .outside || place == .line }

  mutating func take(_ byte: UInt8, into output: inout [UInt8]) {
    switch place {
    case .outside: start(byte, &output)
    case .head: takeHead(byte, &output)
    case .line:
      output.append(byte)
      if byte == 10 { place = .outside }
    case .export: takeExport(byte, &output)
    }
  }

  /// What has started and not come to its end, as the start of a line.
  mutating func finish(into output: inout [UInt8]) {
    guard !isWhole else { return }
    output += Array("{\"resourceLogs\":[".utf8)
    place = .outside
    stack = []
  }

  private mutating func start(_ byte: UInt8, _ output: inout [UInt8]) {
    switch byte {
    case 9, 10, 13, 32: break
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","):
      guard !isArray else { break }
      fallthrough
    default:
      guard byte == UInt8(ascii: "{") else {
        output.append(byte)
        place = .line
        return
      }
      head = [byte]
      word = []
      isInString = false
      place = .head
    }
  }

  /// An object is an export when that is what its first key says, and else a line like any other.
  private mutating func takeHead(_ byte: UInt8, _ output: inout [UInt8]) {
    head.append(byte)
    if isInString {
      if byte != UInt8(ascii: "\"") {
        word.append(byte)
      } else if word.elementsEqual("resourceLogs".utf8) {
        place = .export
        isInString = false
        key = word
        stack = [.export]
        return
      }
      if byte != UInt8(ascii: "\""), word.count <= OTLPDocument.longestKey, byte != 10 { return }
    } else if byte == UInt8(ascii: "\"") {
      isInString = true
      return
    } else if byte <= 32, head.count < OTLPDocument.longestKey {
      return
    }
    isInString = false
    output += head
    head = []
    place = byte == 10 ? .outside : .line
  }

  private mutating func takeExport(_ byte: UInt8, _ output: inout [UInt8]) {
    if isInString {
      keep(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        return
      }
      if captureDepth == nil, word.count < OTLPDocument.longestKey { word.append(byte) }
      return
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      word.removeAll(keepingCapacity: true)
      keep(byte)
    case UInt8(ascii: ":"):
      if captureDepth == nil { swap(&key, &word) }
      keep(byte)
    case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): close(byte, &output)
    case 9, 10, 13, 32: break
    default: keep(byte)
    }
  }

  private mutating func keep(_ byte: UInt8) {
    guard captureDepth != nil, capture.count < OTLPDocument.longest else { return }
    capture.append(byte)
  }

  private mutating func open(_ byte: UInt8) {
    let container = captureDepth == nil ? container(openedBy: byte) : .other
    if container == .resourceLog { resource.removeAll(keepingCapacity: true) }
    if container == .resource || container == .record {
      captureDepth = stack.count
      capture.removeAll(keepingCapacity: true)
    }
    stack.append(container)
    keep(byte)
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

  private mutating func close(_ byte: UInt8, _ output: inout [UInt8]) {
    keep(byte)
    guard let container = stack.popLast() else { return }
    if captureDepth == stack.count {
      captureDepth = nil
      if container == .resource {
        swap(&resource, &capture)
      } else {
        output += Array("{\"resourceLogs\":[{\"resource\":".utf8)
        output += resource.isEmpty ? Array("{}".utf8) : resource
        output += Array(",\"scopeLogs\":[{\"logRecords\":[".utf8)
        output += capture
        output += Array("]}]}]}\n".utf8)
      }
    }
    if stack.isEmpty { place = .outside }
  }
}
