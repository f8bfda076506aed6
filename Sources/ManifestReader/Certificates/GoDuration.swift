import DocumentReader
import MeshModel

/// Durations as Go writes them: `2160h`, `24h0m0s`, `1.5h` (Go time.ParseDuration).
enum GoDuration {
  /// Whole seconds, rounded towards zero; nil for text that is no duration.
  static func seconds(_ text: String) -> Int64? {
    var rest = text[...]
    var sign = 1.0
    if rest.first == "-" || rest.first == "+" {
      if rest.first == "-" { sign = -1 }
      rest = rest.dropFirst()
    }
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
      let scale: Double
      switch unit {
      case "h": scale = 3600
      case "m": scale = 60
      case "s": scale = 1
      case "ms": scale = 1e-3
      case "us", "µs", "μs": scale = 1e-6
      case "ns": scale = 1e-9
      default: return nil
      }
      total += number * scale
      rest = rest.dropFirst(unit.count)
    }
    return total < 9e15 ? Int64(sign * total) : nil
  }
}

extension FieldReader {
  /// A Go duration in whole seconds.
  func goDuration(_ name: String) -> Located<Int64>? {
    guard let text = string(name) else { return nil }
    guard let seconds = GoDuration.seconds(text.value) else {
      problem(
        "bad-duration", "\(path).\(name) is \"\(text.value)\"", at: text.location,
        hint: "expected a duration such as \"2160h\" or \"24h0m0s\"")
      return nil
    }
    return Located(seconds, at: text.location)
  }
}
