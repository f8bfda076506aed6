/// JSON documents that hold log lines, handed on as one line each: what Loki's API answers and takes, an
/// array of objects, objects that lie over many lines or follow one another on one, and OTLP JSON logs.
///
/// Works on blocks that end anywhere.
package struct LogDocument {
  package enum Kind: Hashable, Sendable {
    case loki
    /// An array of objects, as Fluent Bit's output format `json` has it (Fluent Bit documentation, Stdout)
    /// and `gcloud logging read --format json`.
    case array
    /// Objects pretty-printed (`jq`, stern's `ppextjson`) or without a line end between them (Fluent Bit's
    /// `json_stream`).
    case objects
    /// Exports of OpenTelemetry, as lines or over many, or elements of an array.
    case otlp(isArray: Bool)
  }

  // One of these.
  private var loki: LokiDocument?
  private var objects: JSONObjectsDocument?
  private var exports: OTLPDocument?
  /// More is handed on before the next line is taken.
  static let outputLimit = 1 << 20

  package init(_ kind: Kind) {
    switch kind {
    case .loki: loki = LokiDocument()
    case .array: objects = JSONObjectsDocument(isArray: true)
    case .objects: objects = JSONObjectsDocument(isArray: false)
    case .otlp(let isArray): exports = OTLPDocument(isArray: isArray)
    }
  }

  /// What the start of a file is, nil for lines.
  package static func kind(of prefix: UnsafeRawBufferPointer) -> Kind? {
    let count = min(prefix.count, 64 << 10)
    guard let base = prefix.baseAddress, count > 0 else { return nil }
    let text = Bytes(base.assumingMemoryBound(to: UInt8.self), count)
    let significant = prefix.prefix(count).lazy.filter { $0 > 32 }
    let export = OTLPDocument.recognises(prefix.prefix(count))
    if export.isExport { return .otlp(isArray: export.isArray) }
    if significant.first == UInt8(ascii: "[") {
      return significant.dropFirst().first == UInt8(ascii: "{") ? .array : nil
    }
    guard significant.first == UInt8(ascii: "{") else { return nil }
    if LokiDocument.recognises(text) { return .loki }
    return JSONObjectsDocument.recognises(text) ? .objects : nil
  }

  /// Whether the document is whole; exports come one by one, so that a cut one is a line without its end.
  package var isWhole: Bool { loki?.isWhole ?? objects?.isWhole ?? true }

  /// Takes the next block; `consume` is given lines, each with its end.
  package mutating func take(
    _ block: UnsafeRawBufferPointer, into consume: (UnsafeRawBufferPointer) -> Void
  ) {
    guard let base = block.baseAddress else { return }
    let bytes = Bytes(base.assumingMemoryBound(to: UInt8.self), block.count)
    var position = 0
    var output: [UInt8] = []
    while position < bytes.count {
      loki?.take(bytes, &position, into: &output)
      objects?.take(bytes, &position, into: &output)
      exports?.take(bytes, &position, into: &output)
      LogDocument.flush(&output, consume)
    }
  }

  /// Hands on the start of what has not come to its end.
  package mutating func finish(into consume: (UnsafeRawBufferPointer) -> Void) {
    var output: [UInt8] = []
    while exports?.finish(into: &output) == false { LogDocument.flush(&output, consume) }
    LogDocument.flush(&output, consume)
  }

  private static func flush(
    _ output: inout [UInt8], _ consume: (UnsafeRawBufferPointer) -> Void
  ) {
    guard !output.isEmpty else { return }
    output.withUnsafeBytes(consume)
    output.removeAll(keepingCapacity: true)
  }
}
