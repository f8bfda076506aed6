/// What Loki's API answers and takes: `{"streams":[{"stream":{…},"values":[["nanoseconds","line",{…}],…]}]}`,
/// also below `data.result` (Grafana Loki documentation, HTTP API; the third of a value is structured
/// metadata).
///
/// Keeps one line, its metadata and the labels of its stream.
struct LokiDocument {
  private var tokens = JSONTokenizer()
  private var depth = 0
  /// The text of the last string, to its limit: a key when a colon follows, or a line.
  private var word = JSONCapture()
  private var key: [UInt8] = []
  private var labels = JSONCapture()
  private var metadata = JSONCapture()
  private var line: [UInt8] = []
  private enum Kept {
    case labels
    case metadata
  }
  /// What is being kept, and the depth at which it ends.
  private var kept: (what: Kept, depth: Int)?
  /// Depth of the array of values, and the place within one of them.
  private var valuesDepth: Int?
  private var index = 0
  private var hasEnded = false
  private var isBroken = false

  static func recognises(_ text: Bytes) -> Bool {
    text.contains("\"streams\"") && text.contains("\"stream\"") && text.contains("\"values\"")
  }

  var isWhole: Bool { hasEnded && depth == 0 && !isBroken && !tokens.isInString }

  /// Takes what is in a block from `position` on, until there is enough output.
  mutating func take(_ block: Bytes, _ position: inout Int, into output: inout [UInt8]) {
    while output.count < LogDocument.outputLimit, let token = tokens.next(block, &position) {
      if let kept {
        switch kept.what {
        case .labels: labels.append(token)
        case .metadata: metadata.append(token)
        }
      }
      switch token {
      case .open(let bracket): open(bracket, token)
      case .close: close(into: &output)
      case .colon: key = word.bytes
      case .comma: if isInValue { index += 1 }
      case .quote(let isOpening):
        if isOpening { word.removeAll() } else if isInValue, index == 1 { line = word.bytes }
      case .text: if kept == nil { word.append(token) }
      case .scalar: break
      }
    }
  }

  private var isInValue: Bool { valuesDepth.map { depth == $0 + 1 } ?? false }

  private mutating func open(_ bracket: UInt8, _ token: JSONTokenizer.Token) {
    if kept == nil {
      if bracket == UInt8(ascii: "{"), isInValue {
        kept = (.metadata, depth)
        metadata.removeAll()
        metadata.append(token)
      } else if bracket == UInt8(ascii: "{"), key.elementsEqual("stream".utf8) {
        kept = (.labels, depth)
        labels.removeAll()
        labels.append(token)
      } else if valuesDepth == nil, bracket == UInt8(ascii: "["), key.elementsEqual("values".utf8) {
        valuesDepth = depth + 1
      } else if depth == valuesDepth {
        index = 0
        line.removeAll(keepingCapacity: true)
        metadata.removeAll()
      }
      key.removeAll(keepingCapacity: true)
    }
    depth += 1
  }

  private mutating func close(into output: inout [UInt8]) {
    depth -= 1
    guard depth >= 0 else {
      // More is closed than was opened.
      isBroken = true
      depth = 0
      return
    }
    if depth == kept?.depth { kept = nil }
    if let values = valuesDepth {
      if depth == values {
        put(&output)
      } else if depth < values {
        valuesDepth = nil
      }
    }
    if depth == 0 { hasEnded = true }
  }

  private func put(_ output: inout [UInt8]) {
    output += "{\"labels\":".utf8
    output += labels.isEmpty ? Array("{}".utf8) : labels.bytes
    if !metadata.isEmpty {
      output += ",\"metadata\":".utf8
      output += metadata.bytes
    }
    output += ",\"line\":\"".utf8
    output += line
    output += "\"}\n".utf8
  }
}
