/// The formats of traces: which one a file has, by its content, and what it holds.
package enum TraceFormats {
  private enum Format {
    case otlp
    case jaeger
    case zipkin
  }

  package static func recognises(_ prefix: [UInt8]) -> Bool { format(of: prefix) != nil }

  /// Reads a whole file.
  package static func read(_ bytes: [UInt8], path: String) -> TraceFile {
    switch format(of: bytes) {
    case .otlp, nil: OTLPTraceReader.read(bytes, path: path)
    case .jaeger: JaegerReader.read(bytes, path: path)
    case .zipkin: ZipkinReader.read(bytes, path: path)
    }
  }

  private static func format(of prefix: [UInt8]) -> Format? {
    guard JSONCursor.startsObject(prefix) else { return nil }
    return prefix.withUnsafeBufferPointer { buffer -> Format? in
      guard let base = buffer.baseAddress else { return nil }
      let text = Bytes(base, min(buffer.count, 64 << 10))
      if OTLPTraceReader.recognises(text) { return .otlp }
      if JaegerReader.recognises(text) { return .jaeger }
      return ZipkinReader.recognises(text) ? .zipkin : nil
    }
  }
}
