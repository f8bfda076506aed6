import MeshModel

/// Gives plain (unquoted) YAML scalars the types that Kubernetes gives them: YAML 1.1 words for
/// booleans and null, decimal, octal and hexadecimal integers, and floats (sigs.k8s.io/yaml).
enum PlainScalar {
  static func value(of text: String) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first, isNumberStart(first) else { return nil }
    if let integer = integer(text) { return .int(integer) }
    switch text {
    case ".inf", "+.inf", "-.inf", ".nan", ".Inf", ".NaN": return nil
    default: break
    }
    var sawDigit = false
    for byte in text.utf8 {
      switch byte {
      case 48...57: sawDigit = true
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
        UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    guard sawDigit, let value = Double(text) else { return nil }
    return .double(value)
  }

  private static func integer(_ text: String) -> Int64? {
    var digits = text[...]
    var isNegative = false
    if digits.hasPrefix("-") || digits.hasPrefix("+") {
      isNegative = digits.hasPrefix("-")
      digits = digits.dropFirst()
    }
    guard let first = digits.utf8.first, (48...57).contains(first) else { return nil }
    let magnitude: Int64?
    if digits.hasPrefix("0x") {
      magnitude = Int64(digits.dropFirst(2), radix: 16)
    } else if digits.hasPrefix("0o") {
      magnitude = Int64(digits.dropFirst(2), radix: 8)
    } else if digits.hasPrefix("0b") {
      magnitude = Int64(digits.dropFirst(2), radix: 2)
    } else if digits.hasPrefix("0"), digits.utf8.count > 1 {
      magnitude = Int64(digits, radix: 8)
    } else {
      magnitude = Int64(digits)
    }
    return magnitude.map { isNegative ? -$0 : $0 }
  }

  private static func isNumberStart(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
}
