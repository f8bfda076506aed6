/// Text from the user's files, made safe for an eye or a parser.
enum VisibleText {
  /// Replaces what XML 1.0 does not allow by U+FFFD.
  ///
  /// Extensible Markup Language (XML) 1.0, production 2, Char.
  static func xml(_ text: String) -> String {
    guard !isPlain(text), text.unicodeScalars.contains(where: { !isXML($0) }) else { return text }
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { cleaned.append(isXML(scalar) ? scalar : "\u{FFFD}") }
    return String(cleaned)
  }

  /// Shows controls, direction overrides and other invisible characters as `\u{202E}`.
  ///
  /// Line feeds and tabs stay when `keepsLines`.
  static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    guard !isPlain(text), text.unicodeScalars.contains(where: isHidden) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) && !(keepsLines && (scalar == "\n" || scalar == "\t")) {
        append(scalar, to: &shown)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether all of it is visible ASCII, as almost everything is.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    } ?? false
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default: text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }

  private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// C0 and C1 controls, direction marks and overrides (Unicode Standard Annex #9), characters without
  /// width that hide inside a name, tag characters and noncharacters.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0xFEFF, 0xFFF0...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE007F:
      true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
