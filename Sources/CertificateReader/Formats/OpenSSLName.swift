/// Names as tools print them, turned into RFC 4514 text.
enum OpenSSLName {
  /// OpenSSL prints `O = a, CN = b` or `O=a, CN=b` in the order of the certificate, Go and zcrypto
  /// `CN=b, O=a` the other way round; the order is told by the caller.
  static func rfc4514(_ text: String, isForward: Bool = false) -> String {
    let parts = split(text.trimmingSpaces())
    return (isForward ? parts.reversed() : parts).joined(separator: ",")
  }

  /// The value of one attribute with the escapes of RFC 4514 2.4.
  static func escaped(_ value: String) -> String {
    var text = ""
    for (index, character) in value.enumerated() {
      let isFirst = index == 0 && (character == " " || character == "#")
      let isLast = index == value.count - 1 && character == " "
      if isFirst || isLast || "\"+,;<>\\".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }

  /// Splits at commas that are followed by an attribute and takes the spaces around `=` away.
  private static func split(_ text: String) -> [String] {
    var parts: [String] = []
    var current = ""
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if isEscaped {
        current.append(character)
        isEscaped = false
      } else if character == "\\" {
        current.append(character)
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        parts.append(current)
        current = ""
      } else if isQuoted, ",+;<>".contains(character) {
        current += "\\\(character)"
      } else {
        current.append(character)
      }
    }
    if !current.isEmpty { parts.append(current) }
    return parts.map { part in
      let part = part.trimmingSpaces()
      guard let equals = part.firstIndex(of: "=") else { return part }
      let name = String(part[..<equals]).trimmingSpaces()
      return name + "=" + String(part[part.index(after: equals)...]).trimmingSpaces()
    }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  func trimmingSpaces() -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var bytes = Array(utf8)[...]
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
