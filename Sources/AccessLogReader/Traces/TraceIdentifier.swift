import MeshModel

/// The id of a trace or span as all formats of one trace agree on it: lower-case hex of 16 or 32 digits.
///
/// OTLP JSON and Zipkin write hex (OpenTelemetry protocol, JSON protobuf encoding; Zipkin API 2.0), Jaeger
/// hex without leading zeros, Tempo's API base64, as plain protobuf JSON does.
enum TraceIdentifier {
  /// Empty for zero, which is no id; what is neither hex nor base64 is kept as it is.
  static func canonical(_ text: String) -> String {
    var digits = text.lowercased()
    if !digits.utf8.allSatisfy(isHexDigit) {
      guard [12, 24].contains(text.utf8.count), text.hasSuffix("="),
        let bytes = Base64.decoded(text),
        bytes.count == 8 || bytes.count == 16
      else { return text }
      digits = bytes.map(hex).joined()
    }
    guard digits.utf8.count <= 32 else { return digits }
    let significant = digits.drop { $0 == "0" }
    guard !significant.isEmpty else { return "" }
    let length = significant.utf8.count > 16 ? 32 : 16
    return String(repeating: "0", count: length - significant.utf8.count) + significant
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }
}
