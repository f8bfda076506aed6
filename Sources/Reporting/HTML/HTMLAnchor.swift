/// Names that a link can point at.
enum HTMLAnchor {
  /// A fingerprint, or any text, as an id: letters, digits, dot, hyphen and underscore stay.
  static func id(_ text: String) -> String {
    var id = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F:
        id.unicodeScalars.append(Unicode.Scalar(byte))
      default: id += "-"
      }
    }
    return id.isEmpty ? "-" : id
  }
}
