import MeshModel

/// A matcher of a request's path: a string matcher, or a URI template with `{*}` and `{**}`.
enum PathPattern: Hashable, Sendable {
  case text(TextPattern)
  case template(PathTemplate)

  init(_ value: String) {
    if value.contains("{*}") || value.contains("{**}") {
      self = .template(PathTemplate(value))
    } else {
      self = .text(TextPattern(value))
    }
  }

  /// - Parameter path: normalised, without query and fragment.
  func matches(_ path: String) -> Bool {
    switch self {
    case .text(let pattern): pattern.matches(path)
    case .template(let template): path.withBytes(template.matches)
    }
  }
}

/// A URI template as Envoy reads it (Envoy extensions/path/match/uri_template): segments between
/// slashes, `*` one or more path characters, `**` any number of them and of slashes.
///
/// Path characters are `[a-zA-Z0-9-._~%!$&'()+,;:@]`; "=" and "*" are none, so `{*}` does not match
/// a segment that has one (Envoy uri_template_internal.cc, `kLiteral` and `kPathGlob`).
struct PathTemplate: Hashable, Sendable {
  private enum Segment: Hashable, Sendable {
    case literal([UInt8])
    case one
    case rest
  }

  private let segments: [Segment]

  init(_ value: String) {
    let text = value.first == "/" ? value.dropFirst() : value[...]
    segments = text.split(separator: "/", omittingEmptySubsequences: false).map {
      switch $0 {
      case "{*}": .one
      case "{**}": .rest
      default: .literal(Array($0.utf8))
      }
    }
  }

  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { matches(text, 0, 0) }

  /// Whether segments from `segment` on match the text from `start` on, each with a slash before
  /// it.
  private func matches(_ text: UnsafeBufferPointer<UInt8>, _ segment: Int, _ start: Int) -> Bool {
    if segment == segments.count { return start == text.count }
    guard start < text.count, text[start] == UInt8(ascii: "/") else { return false }
    let begin = start + 1
    switch segments[segment] {
    case .literal(let bytes):
      guard begin + bytes.count <= text.count, ASCII.isEqual(text, begin, bytes) else {
        return false
      }
      return matches(text, segment + 1, begin + bytes.count)
    case .one:
      var end = begin
      while end < text.count, Self.isPathCharacter(text[end]) { end += 1 }
      return end > begin && matches(text, segment + 1, end)
    case .rest:
      var end = begin
      while true {
        if matches(text, segment + 1, end) { return true }
        guard end < text.count,
          Self.isPathCharacter(text[end]) || text[end] == UInt8(ascii: "/")
        else { return false }
        end += 1
      }
    }
  }

  private static func isPathCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 97...122, 65...90, 48...57: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"),
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "@"):
      true
    default: false
    }
  }
}
