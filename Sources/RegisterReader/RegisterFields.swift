import DocumentReader
import MeshModel

/// What the files of this module share: required fields, days, digests, durations and identities,
/// each reported at the place where it stands.
extension FieldReader {
  /// A field as messages name it, `systems[0].logs.sink`.
  func name(of field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }

  /// Reports that a field must be there.
  func reportMissing(_ field: String, hint: String) {
    problem("missing-field", "\(name(of: field)) is missing", at: location, hint: hint)
  }

  /// Text that must be there and must not be blank.
  func required(_ field: String, hint: String) -> Located<String>? {
    guard let text = string(field) else {
      if raw(field) == nil { reportMissing(field, hint: hint) }
      return nil
    }
    guard text.value.contains(where: { !$0.isWhitespace }) else {
      problem("missing-field", "\(name(of: field)) is empty", at: text.location, hint: hint)
      return nil
    }
    return text
  }

  /// Text that may be absent but not blank.
  func optional(_ field: String) -> Located<String>? {
    raw(field) == nil
      ? nil : required(field, hint: "give it a value, or remove \"\(field)\"")
  }

  /// A calendar day, `2026-11-24`; it stands for its beginning in UTC.
  func day(_ field: String) -> Located<UTCTime>? {
    guard let text = string(field) else { return nil }
    guard text.value.utf8.count == 10, let day = UTCTime(text.value) else {
      problem(
        "invalid-day", "\(name(of: field)) is \"\(text.value.prefix(40))\"", at: text.location,
        hint: "expected a day of the calendar such as \"2026-01-31\"")
      return nil
    }
    return Located(day, at: text.location)
  }

  /// A SHA-256 digest in 64 lower-case hexadecimal digits.
  func sha256(_ field: String) -> String? {
    guard let text = string(field) else { return nil }
    let digits = text.value.utf8
    guard digits.count == 64,
      digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else {
      problem(
        "invalid-digest", "\(name(of: field)) is \"\(text.value.prefix(80))\"", at: text.location,
        hint: "expected a SHA-256 digest: 64 hexadecimal digits in lower case")
      return nil
    }
    return text.value
  }

  /// A duration in the form of ISO 8601, `P30D`, `P3M`, `PT12H`; kept as its text.
  func duration(_ field: String) -> String? {
    guard let text = string(field) else { return nil }
    guard ISODuration.isValid(text.value) else {
      problem(
        "invalid-duration", "\(name(of: field)) is \"\(text.value.prefix(40))\"",
        at: text.location, hint: "expected an ISO 8601 duration such as \"P30D\" or \"P3M\"")
      return nil
    }
    return text.value
  }

  /// A whole number that is not negative.
  func count(_ field: String) -> Located<Int>? {
    guard let number = int(field) else { return nil }
    guard number.value >= 0 else {
      problem(
        "out-of-range", "\(name(of: field)) is \(number.value)", at: number.location,
        hint: "expected 0 or more")
      return nil
    }
    return number
  }

  /// Reports a version of the file format that this program does not know.
  func checkFormatVersion(_ field: String) {
    guard let version = int(field), version.value != 1 else { return }
    problem(
      "unknown-version", "\(name(of: field)) is \(version.value)", at: version.location,
      hint: "this version of meshaudit reads format 1")
  }
}

/// Durations of ISO 8601-1:2019, section 5.5.2.2: `P[nY][nM][nW][nD][T[nH][nM][nS]]`, whole
/// numbers.
enum ISODuration {
  static func isValid(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return false }
    let parts = rest.split(separator: UInt8(ascii: "T"), omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return false }
    if parts.count == 2, parts[1].isEmpty { return false }
    return isSeries(parts[0], of: "YMWD") && (parts.count == 1 || isSeries(parts[1], of: "HMS"))
  }

  /// Numbers with their units, each unit at most once and in order.
  private static func isSeries(_ bytes: ArraySlice<UInt8>, of units: String) -> Bool {
    var units = Array(units.utf8)[...]
    var digitCount = 0
    for byte in bytes {
      if (48...57).contains(byte) {
        digitCount += 1
        continue
      }
      guard digitCount > 0, let index = units.firstIndex(of: byte) else { return false }
      units = units[(index + 1)...]
      digitCount = 0
    }
    return digitCount == 0
  }
}
