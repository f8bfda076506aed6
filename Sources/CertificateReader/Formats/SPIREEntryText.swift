import MeshModel

/// Reads what `spire-server entry show` prints without `-output json` (SPIRE v1.15.3,
/// cmd/spire-server/cli/entry/util.go): a line for each field, an empty line after each entry.
struct SPIREEntryText {
  private var entry: SPIRERegistrationEntry?
  private let path: String
  private var line = 0

  private init(path: String) { self.path = path }

  static func recognises(_ text: Substring) -> Bool {
    var hasEntry = false
    for line in text.split(whereSeparator: \.isNewline) {
      guard let (name, value) = field(line) else { continue }
      if name == "Entry ID" { hasEntry = true }
      if hasEntry, name == "SPIFFE ID" { return value.hasPrefix("spiffe://") }
    }
    return false
  }

  static func read(_ text: String, path: String, into collector: inout CertificateCollector) {
    var reader = SPIREEntryText(path: path)
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      reader.line += 1
      reader.read(String(decoding: line, as: UTF8.self)[...], into: &collector)
    }
    reader.finish(into: &collector)
  }

  /// Name and value of a line such as `Selector         : k8s:ns:agents`.
  private static func field(_ line: Substring) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    return (
      line[..<colon].trimmingSpaces(), line[line.index(after: colon)...].trimmingSpaces()
    )
  }

  private mutating func read(_ line: Substring, into collector: inout CertificateCollector) {
    guard let (name, value) = SPIREEntryText.field(line) else { return }
    if name == "Entry ID" {
      finish(into: &collector)
      entry = SPIRERegistrationEntry(
        id: value == "(none)" ? "" : value, spiffeID: "", parentID: "",
        location: SourceLocation(path: path, line: self.line, column: 1))
      return
    }
    switch name {
    case "SPIFFE ID": entry?.spiffeID = value
    case "Parent ID": entry?.parentID = value
    // Until SPIRE 1.5 the one lifetime of both kinds was `TTL`.
    case "X509-SVID TTL", "TTL": entry?.x509TTLSeconds = Int(value) ?? 0
    case "JWT-SVID TTL": entry?.jwtTTLSeconds = Int(value) ?? 0
    case "Expiration time": entry?.expiresAt = SPIREEntryText.time(value)
    case "Selector": entry?.selectors.append(value)
    case "FederatesWith": entry?.federatesWith.append(value)
    case "DNS name": entry?.dnsNames.append(value)
    case "Admin": entry?.isAdmin = value == "true"
    case "Downstream": entry?.isDownstream = value == "true"
    case "Hint": entry?.hint = value
    default: break
    }
  }

  private mutating func finish(into collector: inout CertificateCollector) {
    guard var entry else { return }
    self.entry = nil
    collector.inventory.itemCount += 1
    guard !entry.spiffeID.isEmpty else {
      collector.sink.report(
        .error, "wrong-type", "a registration entry without \"SPIFFE ID\"", at: entry.location,
        hint: "expected the output of spire-server entry show as it is printed")
      return
    }
    entry.selectors.sort()
    collector.inventory.registrationEntries.append(entry)
  }

  /// `2026-08-20 10:00:00 +0000 UTC`, as Go prints a time in UTC.
  private static func time(_ text: String) -> UTCTime? {
    let parts = text.split(separator: " ")
    guard parts.count >= 2 else { return nil }
    return UTCTime("\(parts[0])T\(parts[1])Z")
  }
}
