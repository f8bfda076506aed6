import MeshModel

/// Gives plain (unquoted) YAML scalars the types that Kubernetes gives them.
///
/// YAML 1.1 words for booleans and null, integers in four bases with `_` between digits, and
/// floats, as sigs.k8s.io/yaml resolves them (goyaml.v2/resolve.go). Infinities and NaN, which JSON
/// does not have, stay text.
enum PlainScalar {
  static func value(of text: String) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y":
      return .bool(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N":
      return .bool(false)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first else { return nil }
    switch first {
    case UInt8(ascii: "."):
      return float(text)
    case 48...57, UInt8(ascii: "+"), UInt8(ascii: "-"):
      let plain = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
      return integer(plain).map { .int($0) } ?? float(plain)
    default: return nil
    }
  }

  /// Digits with an optional fraction and exponent; at least one digit before the exponent.
  private static func float(_ text: String) -> JSONValue? {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest.removeFirst()
    }
    var digitCount = digits(of: &rest)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      digitCount += digits(of: &rest)
    }
    guard digitCount > 0 else { return nil }
    if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest.removeFirst()
      }
      guard digits(of: &rest) > 0 else { return nil }
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return .double(value)
  }

  private static func digits(of rest: inout Substring.UTF8View) -> Int {
    let before = rest.count
    rest = rest.drop { (48...57).contains($0) }
    return before - rest.count
  }

  /// Base 10; 16 after `0x`, 8 after `0o` or `0`, 2 after `0b`.
  private static func integer(_ text: String) -> Int64? {
    var digits = text[...]
    var sign = ""
    if digits.hasPrefix("-") || digits.hasPrefix("+") { sign = String(digits.removeFirst()) }
    guard let first = digits.utf8.first, (48...57).contains(first) else { return nil }
    guard first == UInt8(ascii: "0"), digits.utf8.count > 1 else { return Int64(text) }
    let (radix, prefixLength) =
      switch digits.dropFirst().utf8.first {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): (16, 2)
      case UInt8(ascii: "o"), UInt8(ascii: "O"): (8, 2)
      case UInt8(ascii: "b"), UInt8(ascii: "B"): (2, 2)
      default: (8, 1)
      }
    let rest = digits.dropFirst(prefixLength)
    guard rest.first != "+", rest.first != "-" else { return nil }
    return Int64(sign + rest, radix: radix)
  }
}
