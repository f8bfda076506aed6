import AccessLogReader
import CertificateReader
import DocumentReader
import ManifestReader
import MeshModel
import RegisterReader

/// What a file holds, by its content; names and endings of files say nothing.
enum ContentKind: Sendable {
  case accessLog(String)
  case certificates
  /// YAML or JSON documents; which of them are manifests, registers or waivers shows when they are read.
  case documents
  case empty
  case unknown(String)

  /// - Parameter prefix: the first 64 KiB of the contents after decompression, or all of them.
  static func of(_ prefix: [UInt8]) -> ContentKind {
    guard !prefix.isEmpty else { return .empty }
    if let format = AccessLogFormat.recognise(prefix: prefix) { return .accessLog(format.name) }
    if CertificateReader.recognises(prefix) != nil { return .certificates }
    if let binary = binaryReason(prefix) { return .unknown(binary) }
    if looksLikeDocument(prefix) { return .documents }
    return .unknown("no reader knows this content")
  }

  private static func binaryReason(_ prefix: [UInt8]) -> String? {
    if prefix.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "it is a zip archive; unpack it first" }
    if prefix.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return "it is compressed with zstd; unpack it first, or give gzip"
    }
    if prefix.contains(0) { return "it is binary" }
    return nil
  }

  /// Whether the text starts like a YAML mapping or list, or like JSON.
  ///
  /// Prose, source code and Helm templates do not: they are listed as not recognised instead of being
  /// reported as broken YAML.
  private static func looksLikeDocument(_ prefix: [UInt8]) -> Bool {
    let text = String(decoding: prefix, as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline).prefix(400) {
      let trimmed = line.drop { $0 == " " || $0 == "\u{FEFF}" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix("%YAML") { continue }
      if trimmed.hasPrefix("---") { continue }
      if trimmed.hasPrefix("{{") { return false }
      if trimmed.hasPrefix("{") || trimmed.hasPrefix("[") || trimmed.hasPrefix("- ") { return true }
      guard let colon = trimmed.firstIndex(of: ":") else { return false }
      let key = trimmed[..<colon]
      let after = trimmed[trimmed.index(after: colon)...]
      let isKey = key.allSatisfy {
        $0.isLetter || $0.isNumber || "-_./\"'".contains($0)
      }
      return isKey && !key.isEmpty && (after.isEmpty || after.first == " ")
    }
    return false
  }
}
