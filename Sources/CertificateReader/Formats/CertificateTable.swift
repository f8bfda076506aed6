import DocumentReader
import MeshModel

/// Reads inventories as tables: CSV with a header (comma, semicolon or tab), or JSON Lines whose members
/// have the same names; one certificate a row.
///
/// Our own definition. Columns, with the names that are read as the same (spaces, dashes and case do not
/// matter): `subject`, `issuer`, `serial` (hex, or decimal when it has more than 32 characters, all
/// digits), `serial_decimal`, `not_before`, `not_after`, `san` (names separated by spaces,
/// semicolons or `|`, bare or as `URI:…`), `key_algorithm`, `key_size`, `signature_algorithm`, `sha256`,
/// `is_ca`, `namespace`, `name`, `key`, `pod`. Times without a zone are UTC. A row needs `not_after` and one of `subject`, `san`,
/// `serial`, `sha256`; other columns are left alone. `CertificateColumns` adds headings of an export's own.
enum CertificateTable {
  enum Column: String, CaseIterable {
    case subject, issuer, serial, serialDecimal, notBefore, notAfter, san, keyAlgorithm, keySize
    case signatureAlgorithm, sha256, isCA, namespace, name, key, pod

    /// The column of a heading, by its letters and digits alone.
    init?(heading: String) {
      let word = heading.lowercased().filter { $0.isLetter || $0.isNumber }
      let names: [String: Column] = [
        "subject": .subject, "subjectdn": .subject, "commonname": .subject, "cn": .subject,
        "issuer": .issuer, "issuerdn": .issuer, "serial": .serial, "serialnumber": .serial,
        "serialhex": .serial, "serialdecimal": .serialDecimal, "notbefore": .notBefore,
        "validfrom": .notBefore, "startdate": .notBefore, "issued": .notBefore,
        "notafter": .notAfter, "validto": .notAfter, "validuntil": .notAfter, "expires": .notAfter,
        "expiry": .notAfter, "expirydate": .notAfter, "expiration": .notAfter, "enddate": .notAfter,
        "san": .san, "sans": .san, "subjectalternativename": .san,
        "subjectalternativenames": .san, "spiffeid": .san, "uri": .san,
        "keyalgorithm": .keyAlgorithm, "keytype": .keyAlgorithm, "keysize": .keySize,
        "keylength": .keySize, "signaturealgorithm": .signatureAlgorithm, "sha256": .sha256,
        "fingerprint": .sha256, "fingerprintsha256": .sha256, "sha256fingerprint": .sha256,
        "isca": .isCA, "ca": .isCA, "namespace": .namespace, "name": .name, "secret": .name,
        "key": .key, "pod": .pod,
      ]
      guard let column = names[word] else { return nil }
      self = column
    }
  }

  private static let identifying: Set<Column> = [.subject, .san, .serial, .serialDecimal, .sha256]

  static func isTable(_ headings: [String], _ declared: CertificateColumns = .init()) -> Bool {
    let columns = Set(headings.compactMap(declared.column))
    return columns.contains(.notAfter) && !columns.isDisjoint(with: identifying)
  }

  static func recognises(_ text: Substring, _ declared: CertificateColumns = .init()) -> Bool {
    let text = text.first == "\u{FEFF}" ? text.dropFirst() : text
    guard let first = text.split(whereSeparator: \.isNewline).first else { return false }
    return separator(of: first).map { isTable(CSVRows.cells(first, $0), declared) } ?? false
  }

  static func recognises(_ root: DocumentNode) -> Bool {
    root.entries.map { isTable($0.map(\.key)) } ?? false
  }

  private static func separator(of line: Substring) -> Character? {
    ["\t", ";", ","].first { line.contains($0) }
  }

  static func read(
    csv text: String, path: String, columns declared: CertificateColumns = .init(),
    into collector: inout CertificateCollector
  ) {
    var text = Substring(text)
    if text.first == "\u{FEFF}" { text.removeFirst() }
    guard let first = text.split(whereSeparator: \.isNewline).first,
      let separator = separator(of: first)
    else { return }
    var columns: [Column?]?
    var position = 0
    for row in CSVRows(text, separator) {
      guard let known = columns else {
        columns = row.cells.map(declared.column)
        continue
      }
      if row.cells.allSatisfy(\.isEmpty) { continue }
      var values: [Column: String] = [:]
      for (column, cell) in zip(known, row.cells) {
        if let column, !cell.isEmpty, values[column] == nil { values[column] = cell }
      }
      add(
        values, at: SourceLocation(path: path, line: row.line, column: 1), position: position,
        into: &collector)
      position += 1
    }
  }

  static func read(_ node: DocumentNode, position: Int, into collector: inout CertificateCollector)
  {
    var values: [Column: String] = [:]
    for entry in node.entries ?? [] {
      guard let column = Column(heading: entry.key), values[column] == nil else { continue }
      if let items = entry.value.items {
        values[column] = items.compactMap { $0.scalar?.text }.joined(separator: " ")
      } else if let scalar = entry.value.scalar, scalar.value != .null {
        values[column] = scalar.text
      }
    }
    add(values, at: node.location, position: position, into: &collector)
  }

  private static func add(
    _ values: [Column: String], at location: SourceLocation, position: Int,
    into collector: inout CertificateCollector
  ) {
    collector.inventory.itemCount += 1
    var facts = RecordFacts.make(sha256: values[.sha256])
    facts.subject = values[.subject].map { $0.contains("=") ? OpenSSLName.rfc4514($0) : "CN=\($0)" }
    facts.issuer = values[.issuer].map { $0.contains("=") ? OpenSSLName.rfc4514($0) : "CN=\($0)" }
    facts.serial =
      values[.serialDecimal].flatMap { RecordFacts.serial(decimal: $0) }
      ?? values[.serial].flatMap(serial)
    facts.recordName = values[.name].map { name in
      values[.namespace].map { "\($0)/\(name)" } ?? name
    }
    facts.notBefore = values[.notBefore].flatMap(time)
    facts.notAfter = values[.notAfter].flatMap(time)
    facts.keyAlgorithm = values[.keyAlgorithm].map { $0.uppercased() == "ECDSA" ? "EC" : $0 }
    facts.keySize = values[.keySize].flatMap { Int($0) }
    facts.signatureAlgorithm = values[.signatureAlgorithm]
    facts.isCA = values[.isCA].flatMap {
      ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false][
        $0.lowercased()]
    }
    facts.hasBasicConstraints = facts.isCA == true ? true : nil
    facts.subjectAlternativeNames = values[.san].map { text in
      text.split { " ;|,\n".contains($0) }.map { RecordFacts.alternativeName(String($0)) }
    }
    let unread = [
      (Column.notAfter, facts.notAfter == nil), (.notBefore, facts.notBefore == nil),
      (.serial, facts.serial == nil), (.sha256, facts.sha256 == nil),
      (.keySize, facts.keySize == nil),
    ].filter { values[$0.0] != nil && $0.1 }.map { $0.0 }
    for column in unread {
      facts.anomalies = [.recordField]
      collector.sink.report(
        .warning, "certificate-partial",
        "row \(position + 1) has no readable \(column.rawValue): \"\(values[column] ?? "")\"",
        at: location, hint: "times are RFC 3339, such as \"2026-01-31T00:00:00Z\"; digests are hex")
    }
    if values[.notAfter] == nil || identifying.isDisjoint(with: values.keys) {
      facts.anomalies = [.recordField]
      collector.sink.report(
        .warning, "certificate-partial",
        values[.notAfter] == nil
          ? "row \(position + 1) does not say when its certificate ends"
          : "row \(position + 1) names no certificate",
        at: location, hint: "look for a quote that is not closed, or fill the cells in")
    }
    collector.append(
      RecordFacts.named(facts), der: nil,
      at: CertificatePlace(
        source: .table, location: location, namespace: values[.namespace], name: values[.name],
        key: values[.key], pod: values[.pod]),
      position: position)
  }

  /// RFC 3339, or the same in UTC as databases write it: `2026-01-31 10:00:00`, `2026-01-31 10:00`.
  private static func time(_ text: String) -> UTCTime? {
    if let time = UTCTime(text) { return time }
    let parts = text.split(separator: " ")
    guard parts.count == 2 else { return nil }
    return UTCTime("\(parts[0])T\(parts[1])Z") ?? UTCTime("\(parts[0])T\(parts[1]):00Z")
  }

  /// Hex, unless it can only be a long decimal number.
  private static func serial(_ text: String) -> String? {
    if text.hasPrefix("0x") { return RecordFacts.serial(hex: String(text.dropFirst(2))) }
    let isDecimal = text.utf8.count > 32 && text.allSatisfy { ("0"..."9").contains($0) }
    return isDecimal ? RecordFacts.serial(decimal: text) : RecordFacts.serial(hex: text)
  }
}

/// Rows of CSV (RFC 4180): quoted cells may hold separators, quotes and line ends.
struct CSVRows: Sequence, IteratorProtocol {
  private var rest: Substring
  private let separator: Character
  private var line = 1

  init(_ text: Substring, _ separator: Character) {
    rest = text
    self.separator = separator
  }

  static func cells(_ line: Substring, _ separator: Character) -> [String] {
    var rows = CSVRows(line, separator)
    return rows.next()?.cells ?? []
  }

  mutating func next() -> (cells: [String], line: Int)? {
    guard !rest.isEmpty else { return nil }
    let start = line
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    while let character = rest.popFirst() {
      if isQuoted {
        if character == "\"" {
          if rest.first == "\"" {
            cell.append("\"")
            rest.removeFirst()
          } else {
            isQuoted = false
          }
        } else {
          if character.isNewline { line += 1 }
          cell.append(character)
        }
      } else if character == "\"", cell.isEmpty {
        isQuoted = true
      } else if character == separator {
        cells.append(cell.trimmingSpaces())
        cell = ""
      } else if character.isNewline {
        line += 1
        break
      } else {
        cell.append(character)
      }
    }
    cells.append(cell.trimmingSpaces())
    return (cells, start)
  }
}
