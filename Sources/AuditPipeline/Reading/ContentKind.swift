import AccessLogReader
import CertificateReader
import DocumentReader
import ManifestReader
import MeshModel

/// What a file holds, by its content; names and endings of files say nothing.
enum ContentKind: Sendable {
  /// An access log of this format, or a summary of some.
  case accessLog(String)
  case certificates
  /// What an external authorizer (OPA) decided.
  case decisionLog
  /// Metrics of proxies, as text or as an answer of Prometheus; may hold certificates, too.
  case metrics
  /// Distributed traces: of Jaeger, Zipkin or Tempo, or in OTLP.
  case traces
  /// Evidence of an audit: a DSSE envelope.
  case evidence
  /// YAML or JSON documents; which of them are manifests, registers or waivers shows when they are read.
  case documents
  /// Lines that may be an access log in a format that only the mesh's own configuration tells.
  case lines
  case empty
  case unknown(String)

  /// - Parameters:
  ///   - prefix: the first 64 KiB of the contents after decompression, or all of them.
  ///   - isWhole: there is no more than the prefix.
  static func of(_ prefix: [UInt8], isWhole: Bool = false) -> ContentKind {
    guard !prefix.isEmpty else { return .empty }
    if TrafficSummaryReader.recognises(prefix) {
      return .accessLog(TrafficSummary.formatName)
    }
    if ExpositionReader.recognises(prefix) || QueryAnswerReader.recognises(prefix) {
      return .metrics
    }
    if TraceFormats.recognises(prefix) { return .traces }
    if CertificateReader.recognises(prefix) != nil { return .certificates }
    if isEnvelope(prefix) { return .evidence }
    if DecisionLogReader.recognises(prefix) { return .decisionLog }
    if let archive = archiveReason(prefix) { return .unknown(archive) }
    // Before the search for NUL: one broken line does not make a log binary.
    if let format = AccessLogSniffer.format(of: prefix, isWhole: isWhole, formats: []) {
      return .accessLog(format)
    }
    if let offset = prefix.firstIndex(of: 0) {
      return .unknown("it is binary: byte \(offset) is NUL")
    }
    switch shape(of: prefix) {
    case .documents: return .documents
    case .lines: return .lines
    case .template: return .unknown(StrangeText.template.reason)
    case .other: return .unknown("no reader knows this content")
    }
  }

  /// Whether it starts like a DSSE envelope, whose first member is the payload or its type.
  private static func isEnvelope(_ prefix: [UInt8]) -> Bool {
    let start = prefix.prefix(256).filter { $0 > 32 }
    return ["{\"payload\":\"", "{\"payloadType\":\""].contains {
      start.starts(with: Array($0.utf8))
    }
  }

  private static func archiveReason(_ prefix: [UInt8]) -> String? {
    if prefix.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      return "it is a zip archive; unpack it first"
    }
    return nil
  }

  private enum Shape {
    case documents
    case lines
    case template
    case other
  }

  /// Whether the text starts like a YAML mapping or list or like JSON, or may be lines of a log.
  ///
  /// Prose, source code and Helm templates are neither: they are listed as not recognised instead of
  /// being reported as broken YAML.
  private static func shape(of prefix: [UInt8]) -> Shape {
    let text = String(decoding: prefix, as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline).prefix(400) {
      let trimmed = line.drop { $0 == " " || $0 == "\u{FEFF}" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix("%YAML") { continue }
      if trimmed.hasPrefix("---") { continue }
      if trimmed.hasPrefix("{{") { return .template }
      if trimmed.hasPrefix("{") { return isLogLine(trimmed) ? .lines : .documents }
      if trimmed.hasPrefix("- ") || trimmed == "-" { return .documents }
      if trimmed.hasPrefix("[") {
        return trimmed.hasSuffix("]") || trimmed == "[" ? .documents : .lines
      }
      guard let colon = trimmed.firstIndex(of: ":") else { return .lines }
      let key = trimmed[..<colon]
      let after = trimmed[trimmed.index(after: colon)...]
      let isKey = key.allSatisfy { $0.isLetter || $0.isNumber || "-_./\"'".contains($0) }
      return isKey && !key.isEmpty && (after.isEmpty || after.first == " ") ? .documents : .lines
    }
    return .other
  }

  /// A JSON object on one line that is no Kubernetes resource.
  private static func isLogLine(_ line: Substring) -> Bool {
    let sink = DiagnosticSink()
    let documents = JSONDocuments.read(String(line), path: "", into: sink)
    guard sink.diagnostics.isEmpty, documents.count == 1, documents[0].entries?.isEmpty == false
    else { return false }
    return !ManifestReader.recognises(documents[0]) && documents[0]["kind"] == nil
      && documents[0]["source"] == nil
  }
}

/// Recognises access logs by their first lines.
enum AccessLogSniffer {
  /// The format of the first readable line, or nil when the text is no access log.
  ///
  /// A proxy's log without a request so far is one, too: `proxy-messages`.
  static func format(of prefix: [UInt8], isWhole: Bool = false, formats: [AccessLogFormat])
    -> String?
  {
    var options = AccessLogOptions()
    options.formats = formats
    let lines = prefix.withUnsafeBytes { documentLines($0) }
    let recognition = (lines ?? prefix).withUnsafeBytes {
      AccessLogRecognition(prefix: $0, isWhole: isWhole, options: options)
    }
    switch recognition {
    case .format(let name): return name
    case .messages: return "proxy-messages"
    case .none: return nil
    }
  }

  /// The lines of a document that holds some; nil for what has lines itself.
  private static func documentLines(_ prefix: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let kind = LogDocument.kind(of: prefix) else { return nil }
    var document = LogDocument(kind)
    var lines: [UInt8] = []
    document.take(prefix) { lines.append(contentsOf: $0) }
    // Also what waits for the end of its line, which may lie far behind.
    document.finish { lines.append(contentsOf: $0) }
    return lines
  }
}
