import MeshModel

/// Gathers what one input holds and reports what could not be read.
///
/// Every PEM block, DER element and row that goes in comes out as a record, a key sighting or a
/// diagnostic; nothing is dropped in silence.
struct CertificateCollector {
  var inventory = CertificateInventory()
  let sink: DiagnosticSink

  /// Shorter than the PEM of any certificate that a mesh issues: room that is reserved and not used costs
  /// addresses and no memory.
  private static let leastBlockByteCount = 400
  private var repeated = RepeatedParts()

  init(sink: DiagnosticSink) { self.sink = sink }

  /// Reads the blocks of a PEM text.
  ///
  /// - Parameter hasOwnLines: the text is the file itself, so a block's line is a line of the file;
  ///   otherwise every block stands at the place's own location (a value inside a manifest).
  /// - Returns: how many blocks there were.
  @discardableResult
  mutating func addPEM(_ bytes: [UInt8], at place: CertificatePlace, hasOwnLines: Bool = false)
    -> Int
  {
    if hasOwnLines, inventory.certificates.isEmpty {
      // A bundle of a hundred thousand would be moved seventeen times while it grows.
      inventory.certificates.reserveCapacity(bytes.count / Self.leastBlockByteCount)
    }
    var scanner = PEMScanner(bytes)
    addBlocks(&scanner, at: place, hasOwnLines: hasOwnLines)
    return scanner.count
  }

  /// Reads what blocks a scanner finds.
  mutating func addBlocks(
    _ scanner: inout PEMScanner, at place: CertificatePlace, hasOwnLines: Bool
  ) {
    while let block = scanner.next() {
      var place = place
      if hasOwnLines { place.location.line = block.line }
      if hasOwnLines { place.location.column = 1 }
      add(block, at: place)
    }
  }

  /// Reads one certificate, or names what else the DER is.
  mutating func addDER(_ der: [UInt8], at place: CertificatePlace, position: Int) {
    let parsed = CertificateParser.parse(der, &repeated)
    if parsed.facts.parseStatus == .failed {
      let kind = DERKind.of(der)
      if kind != .certificate, kind != .unknown {
        addOther(kind, der, at: place, position: position)
        return
      }
    }
    inventory.itemCount += 1
    // The bytes of something unreadable may be anything, a key among them: only facts are kept.
    let bytes: [UInt8]? =
      parsed.facts.parseStatus == .failed
      ? nil : parsed.extent.count == der.count ? der : Array(der[parsed.extent])
    append(
      parsed.facts, der: bytes, at: place, position: position,
      isRepeatable: bytes?.count == der.count)
    guard parsed.facts.parseStatus != .complete else { return }
    report(parsed, at: place, position: position)
  }

  /// Keeps a record; the sighting's role is the place's when it has one.
  mutating func append(
    _ facts: CertificateFacts, der: [UInt8]?, at place: CertificatePlace, position: Int,
    isRepeatable: Bool = false
  ) {
    inventory.certificates.append(
      CertificateRecord(
        facts: facts, der: der, sighting: Self.sighting(of: facts, at: place, position: position),
        isRepeatable: isRepeatable))
  }

  static func sighting(of facts: CertificateFacts, at place: CertificatePlace, position: Int)
    -> CertificateSighting
  {
    let role: CertificateRole =
      switch place.usedAs {
      case .leaf where position > 0, .unknown: facts.role
      default: place.usedAs
      }
    return CertificateSighting(
      certificateID: facts.id, place: place, position: position, role: role)
  }

  /// Reports a private key; nothing of it is kept but that it is there.
  mutating func addPrivateKey(
    _ kind: PrivateKeySighting.Kind, isEncrypted: Bool, at place: CertificatePlace, position: Int
  ) {
    inventory.itemCount += 1
    inventory.privateKeys.append(
      PrivateKeySighting(kind: kind, isEncrypted: isEncrypted, place: place, position: position))
    sink.report(
      .warning, "private-key-in-inventory",
      "\(isEncrypted ? "an encrypted" : "a") private key (\(kind.rawValue)) stands among the inputs"
        + "\(Self.suffix(place)); it was not kept",
      at: place.location,
      hint: "remove it from the inputs and treat it as disclosed; an audit needs certificates only")
  }

  /// Names something that is not evaluated.
  mutating func addNotEvaluated(
    _ what: String, _ severity: Diagnostic.Severity, at place: CertificatePlace, hint: String? = nil
  ) {
    inventory.itemCount += 1
    sink.report(
      severity, "not-evaluated", "\(what) was not evaluated\(Self.suffix(place))",
      at: place.location, hint: hint)
  }

  /// Reads the certificates of a Java key store, and names what else it holds.
  mutating func addJavaKeyStore(_ bytes: [UInt8], at place: CertificatePlace) {
    let store = JavaKeyStore(bytes)
    for (position, entry) in store.entries.enumerated() {
      var place = place
      switch entry {
      case .certificate(let der, let alias, let chainPosition):
        place.key = place.key ?? alias
        place.usedAs = chainPosition == nil ? .anchor : .leaf
        addDER(der, at: place, position: chainPosition ?? position)
      case .privateKey(let alias):
        place.key = place.key ?? alias
        addPrivateKey(.other, isEncrypted: true, at: place, position: position)
      case .other(let type, let alias):
        addNotEvaluated(
          "a certificate of type \"\(type)\" (\"\(alias)\") in a Java key store", .warning,
          at: place)
      }
    }
    if let problem = store.problem {
      inventory.itemCount += 1
      sink.report(
        .error, "container-unreadable",
        "a Java key store\(Self.suffix(place)) was not read to its end: \(problem)",
        at: place.location,
        hint: "export its certificates: keytool -exportcert -rfc -keystore FILE -alias NAME")
    } else if store.entries.isEmpty {
      addNotEvaluated("a Java key store without entries", .warning, at: place)
    }
  }

  /// Opens or names DER that is no certificate.
  mutating func addOther(
    _ kind: DERKind, _ der: [UInt8], at place: CertificatePlace, position: Int
  ) {
    switch kind {
    case .privateKey(let key):
      addPrivateKey(key, isEncrypted: key == .encryptedPKCS8, at: place, position: position)
    case .pkcs7: addPKCS7(der, at: place)
    case .certificate: addDER(der, at: place, position: position)
    case .pkcs12: addPKCS12(der, at: place)
    case .revocationList: addRevocationList(der, at: place)
    case .certificateRequest, .publicKey:
      addNotEvaluated(kind.name, .note, at: place)
    case .unknown:
      inventory.itemCount += 1
      sink.report(
        .error, "certificate-unreadable", "\(kind.name) where a certificate was expected",
        at: place.location)
    }
  }

  mutating func addRevocationList(_ der: [UInt8], at place: CertificatePlace) {
    inventory.itemCount += 1
    do {
      inventory.revocationLists.append(try RevocationListParser.read(der, at: place))
    } catch {
      sink.report(
        .error, "revocation-list-unreadable",
        "a certificate revocation list\(Self.suffix(place)) cannot be read: \(error.message)",
        at: place.location,
        hint: "fetch it again from its issuer; no certificate was checked against it")
    }
  }

  mutating func addPKCS7(_ der: [UInt8], at place: CertificatePlace) {
    do {
      let certificates = try PKCS7Certificates.read(der)
      if certificates.isEmpty {
        addNotEvaluated("a PKCS#7 container without certificates", .warning, at: place)
      }
      for (index, certificate) in certificates.enumerated() {
        addDER(certificate, at: place, position: index)
      }
    } catch {
      inventory.itemCount += 1
      sink.report(
        .error, "container-unreadable", "a PKCS#7 container cannot be opened: \(error.message)",
        at: place.location,
        hint: "export its certificates: openssl pkcs7 -print_certs -in FILE -out certificates.pem")
    }
  }

  /// Reads what a PKCS#12 container holds in the open or under the empty password; the rest is named.
  mutating func addPKCS12(_ der: [UInt8], at place: CertificatePlace) {
    let hint =
      "export its certificates: openssl pkcs12 -nokeys -in FILE -out certificates.pem"
      + " (with -legacy where it is encrypted with RC2 or triple DES)"
    let items: [PKCS12Contents.Item]
    do {
      items = try PKCS12Contents.read(der)
    } catch {
      inventory.itemCount += 1
      sink.report(
        .error, "container-unreadable",
        "a PKCS#12 container\(Self.suffix(place)) cannot be opened: \(error.message)",
        at: place.location, hint: hint)
      return
    }
    if items.isEmpty { addNotEvaluated("a PKCS#12 container without content", .warning, at: place) }
    for (position, item) in items.enumerated() {
      switch item {
      case .certificate(let certificate): addDER(certificate, at: place, position: position)
      case .privateKey(let isEncrypted):
        addPrivateKey(
          isEncrypted ? .encryptedPKCS8 : .pkcs8, isEncrypted: isEncrypted, at: place,
          position: position)
      case .revocationList:
        addNotEvaluated(
          "a certificate revocation list in a PKCS#12 container", .note, at: place,
          hint: "give it as a file of its own, in PEM or DER")
      case .other(let kind): addNotEvaluated("\(kind) in a PKCS#12 container", .note, at: place)
      case .closed(let reason):
        inventory.itemCount += 1
        sink.report(
          .warning, "not-evaluated",
          "a part of a PKCS#12 container\(Self.suffix(place)) was not evaluated: \(reason)",
          at: place.location, hint: hint)
      }
    }
  }

  private func report(_ parsed: CertificateParser, at place: CertificatePlace, position: Int) {
    let facts = parsed.facts
    let what = "certificate \(position + 1)\(Self.suffix(place))"
    let reasons = parsed.problems.prefix(3).joined(separator: "; ")
    if facts.parseStatus == .failed {
      sink.report(
        .error, "certificate-unreadable", "\(what) cannot be read: \(reasons)", at: place.location,
        hint: "its SHA-256 is \(facts.id); replace it or take it out of the bundle")
      return
    }
    var known = ["serial \(facts.serial ?? "unknown")"]
    if let subject = facts.subject { known.append("subject \"\(subject)\"") }
    if let name = facts.subjectAlternativeNames?.first { known.append("\"\(name.value)\"") }
    sink.report(
      .warning, "certificate-partial", "\(what) could be read only in part: \(reasons)",
      at: place.location, hint: "it has \(known.joined(separator: ", "))")
  }

  /// ` in key "tls.crt"`, to tell values of one manifest apart.
  static func suffix(_ place: CertificatePlace) -> String {
    place.key.map { " in \"\($0)\"" } ?? ""
  }
}
