import MeshModel

/// What happens to a path before rules see it.
enum RequestPath {
  /// The path that policy is evaluated on: without query and fragment (Envoy common/http/utility,
  /// RBAC `url_path`), normalised as MeshConfig `pathNormalization` says.
  ///
  /// `BASE` resolves `.` and `..` segments (RFC 3986 section 5.2.4), takes `\` for `/` and decodes
  /// escaped unreserved characters; `MERGE_SLASHES` then merges slashes; `DECODE_AND_MERGE_SLASHES`
  /// decodes `%2F` and `%5C` first. One pass (Istio reference › MeshConfig.ProxyPathNormalization).
  static func normalized(_ path: String, _ mode: IstioMeshConfig.PathNormalization) -> String {
    if isPlain(path) { return path }
    var bytes = Array(path.utf8)
    if let end = bytes.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
      bytes.removeSubrange(end...)
    }
    if mode == .none { return String(decoding: bytes, as: UTF8.self) }
    if mode == .decodeAndMergeSlashes { bytes = decoded(bytes, where: isSlash) }
    bytes = decoded(bytes, where: isUnreserved)
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\\") {
      bytes[index] = UInt8(ascii: "/")
    }
    bytes = withoutDotSegments(bytes)
    if mode == .mergeSlashes || mode == .decodeAndMergeSlashes { bytes = merged(bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether no mode changes the path; true for almost every request.
  private static func isPlain(_ path: String) -> Bool {
    path.withBytes { text in
      var previous: UInt8 = 0
      for byte in text {
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "\\"):
          return false
        case UInt8(ascii: "/"), UInt8(ascii: "."):
          if previous == UInt8(ascii: "/") { return false }
        default: break
        }
        previous = byte
      }
      return true
    }
  }

  private static func decoded(_ bytes: [UInt8], where isDecoded: (UInt8) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2]),
        isDecoded(high << 4 | low)
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private static func isSlash(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  /// RFC 3986 section 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 97...122, 65...90, 48...57: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
  }

  private static func withoutDotSegments(_ bytes: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    guard bytes.first == slash else { return bytes }
    var segments: [ArraySlice<UInt8>] = []
    let parts = bytes.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      if part.elementsEqual(".".utf8) {
        if isLast { segments.append([]) }
      } else if part.elementsEqual("..".utf8) {
        if !segments.isEmpty { segments.removeLast() }
        if isLast { segments.append([]) }
      } else {
        segments.append(part)
      }
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for segment in segments {
      result.append(slash)
      result += segment
    }
    return result.isEmpty ? [slash] : result
  }

  private static func merged(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes where !(byte == UInt8(ascii: "/") && result.last == byte) {
      result.append(byte)
    }
    return result
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
