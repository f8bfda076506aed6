/// What the headings of a CSV export mean, where they are none of the names that `CertificateTable` knows.
package struct CertificateColumns: Sendable {
  private var byHeading: [String: CertificateTable.Column] = [:]

  /// Declares nothing.
  package init() {}

  /// The names that a heading can be declared as.
  package static var names: [String] {
    ["not_after", "not_before", "subject", "issuer", "serial", "serial_decimal", "san"]
      + ["sha256", "key_algorithm", "key_size", "signature_algorithm", "is_ca", "namespace"]
      + ["name", "key", "pod"]
  }

  package var isEmpty: Bool { byHeading.isEmpty }

  /// Takes a heading for the column of that name; false when there is no such column.
  package mutating func declare(_ heading: String, as name: String) -> Bool {
    guard Self.names.contains(name), let column = CertificateTable.Column(heading: name) else {
      return false
    }
    byHeading[Self.word(heading)] = column
    return true
  }

  /// The declared column, or else the one that the heading is known as.
  func column(_ heading: String) -> CertificateTable.Column? {
    byHeading[Self.word(heading)] ?? CertificateTable.Column(heading: heading)
  }

  /// Spaces, dashes and case do not matter.
  private static func word(_ heading: String) -> String {
    heading.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
