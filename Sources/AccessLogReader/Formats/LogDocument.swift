/// A JSON document that holds log lines, handed on as one line each: what Loki's API answers and takes
/// (`{"streams":[{"stream":{…},"values":[["nanoseconds","line"],…]}]}`, also below `data.result`; Grafana
/// Loki documentation, HTTP API), an array of objects, as Fluent Bit's output format `json` has it
/// (Fluent Bit documentation, Stdout), and OTLP JSON logs.
///
/// Works on blocks that end anywhere and keeps one line and the labels of its stream.
package struct LogDocument {
  package enum Kind: Hashable, Sendable {
    case loki
    case array
    /// Exports of OpenTelemetry, as lines or over many, or elements of an array.
    case otlp(isArray: Bool)
  }

  private let kind: Kind
  private var exports: OTLPDocument?
  /// Open containers, `{` or `[`.
  private var stack: [UInt8] = []
  private var isInString = false
  private var isEscaped = false
  /// The text of the last string, to its limit: a key when a colon follows.
  private var word: [UInt8] = []
  private var key: [UInt8] = []
  private var labels: [UInt8] = []
  /// What is being kept, and the depth at which it ends.
  private var capture: [UInt8] = []
  private var captureDepth: Int?
  private var isLabels = false
  /// Depth of the array of values, and the place within one of them.
  private var valuesDepth: Int?
  private var index = 0
  private var line: [UInt8] = []
  private var hasStarted = false
  private var hasEnded = false
  /// Longer lines are cut, and so are no line of any format.
  private static let longest = 4 << 20

  package init(_ kind: Kind) {
    self.kind = kind
    if case .otlp(let isArray) = kind { exports = OTLPDocument(isArray: isArray) }
  }

  /// What the start of a file is, nil for lines.
  package static func kind(of prefix: UnsafeRawBufferPointer) -> Kind? {
    let bytes = prefix.prefix(64 << 10)
    let significant = bytes.lazy.filter { $0 > 32 }
    guard let first = significant.first else { return nil }
    let export = OTLPDocument.recognises(bytes)
    if export.isExport { return .otlp(isArray: export.isArray) }
    if first == UInt8(ascii: "[") {
      return significant.dropFirst().first == UInt8(ascii: "{") ? .array : nil
    }
    guard first == UInt8(ascii: "{"), let base = prefix.baseAddress else { return nil }
    let text = Bytes(base.assumingMemoryBound(to: UInt8.self), bytes.count)
    return text.contains("\"streams\"") && text.contains("\"stream\"")
      && text.contains("\"values\"") ? .loki : nil
  }

  /// Whether the document is whole; exports come one by one, so that a cut one is a line without its end.
  package var isWhole: Bool { exports != nil || hasEnded && stack.isEmpty }

  /// Takes the next block; `consume` is given lines, each with its end.
  package mutating func take(
    _ block: UnsafeRawBufferPointer, into consume: (UnsafeRawBufferPointer) -> Void
  ) {
    var output: [UInt8] = []
    if var own = exports.take() {
      for byte in block {
        own.take(byte, into: &output)
        if output.count > 1 << 20 { flush(&output, consume) }
      }
      exports = own
    } else {
      for byte in block {
        take(byte, into: &output)
        if output.count > 1 << 20 { flush(&output, consume) }
      }
    }
    flush(&output, consume)
  }

  /// Hands on the start of what has not come to its end.
  package mutating func finish(into consume: (UnsafeRawBufferPointer) -> Void) {
    var output: [UInt8] = []
    exports?.finish(into: &output)
    flush(&output, consume)
  }

  private func flush(_ output: inout [UInt8], _ consume: (UnsafeRawBufferPointer) -> Void) {
    guard !output.isEmpty else { return }
    output.withUnsafeBytes(consume)
    output.removeAll(keepingCapacity: true)
  }

  private mutating func take(_ byte: UInt8, into output: inout [UInt8]) {
    if isInString {
      keep(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        if valuesDepth.map({ stack.count == $0 + 1 }) == true, index == 1 { line = word }
        return
      }
      if word.count < LogDocument.longest { word.append(byte) }
      return
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      word.removeAll(keepingCapacity: true)
      keep(byte)
    case UInt8(ascii: ":"):
      key = word
      keep(byte)
    case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): close(byte, &output)
    case UInt8(ascii: ","):
      if valuesDepth.map({ stack.count == $0 + 1 }) == true { index += 1 }
      keep(byte)
    // A line break between two tokens would cut the line.
    case 9, 10, 13, 32: break
    default: keep(byte)
    }
  }

  private mutating func keep(_ byte: UInt8) {
    guard captureDepth != nil, capture.count < LogDocument.longest else { return }
    capture.append(byte)
  }

  private mutating func open(_ byte: UInt8) {
    hasStarted = true
    switch kind {
    case .otlp: break
    case .array:
      if stack.count == 1, byte == UInt8(ascii: "{") { startCapture() }
    case .loki:
      if captureDepth == nil, byte == UInt8(ascii: "{"), key.elementsEqual("stream".utf8) {
        isLabels = true
        startCapture()
      } else if valuesDepth == nil, byte == UInt8(ascii: "["), key.elementsEqual("values".utf8) {
        valuesDepth = stack.count + 1
      } else if let depth = valuesDepth, stack.count == depth {
        index = 0
        line.removeAll(keepingCapacity: true)
      }
      key.removeAll(keepingCapacity: true)
    }
    stack.append(byte)
    keep(byte)
  }

  private mutating func startCapture() {
    captureDepth = stack.count
    capture.removeAll(keepingCapacity: true)
  }

  private mutating func close(_ byte: UInt8, _ output: inout [UInt8]) {
    keep(byte)
    if stack.popLast() == nil {
      // More is closed than was opened: never whole.
      stack = [0]
      hasEnded = false
      return
    }
    if let depth = captureDepth, stack.count == depth {
      captureDepth = nil
      if isLabels {
        isLabels = false
        labels = capture
      } else {
        output += capture
        output.append(10)
      }
    }
    if let depth = valuesDepth {
      if stack.count == depth {
        output += Array("{\"labels\":".utf8)
        output += labels.isEmpty ? Array("{}".utf8) : labels
        output += Array(",\"line\":\"".utf8)
        output += line
        output += Array("\"}\n".utf8)
      } else if stack.count < depth {
        valuesDepth = nil
      }
    }
    if stack.isEmpty { hasEnded = true }
  }
}
