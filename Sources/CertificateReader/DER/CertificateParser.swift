import MeshModel

/// Reads the facts of one certificate out of its DER, as many as can be read.
///
/// Structure: RFC 5280 section 4.1. It refuses nothing that it can walk: weak keys, odd curves,
/// duplicate extensions and broken values are facts to report. What cannot be read is unknown in the
/// facts and named in `problems`.
struct CertificateParser {
  var walker: DERWalker
  var facts: CertificateFacts
  var anomalies = CertificateAnomalies()
  /// What the certificates before this one said with the same bytes.
  var repeated = RepeatedParts()
  /// What could not be read, as a message says it; empty when the facts are complete.
  private(set) var problems: [String] = []
  /// The certificate's own bytes: the outermost element without what follows it.
  private(set) var extent: Range<Int>

  private init(_ bytes: [UInt8]) {
    walker = DERWalker(bytes)
    facts = CertificateFacts(id: "", parseStatus: .failed)
    extent = 0..<bytes.count
  }

  /// The facts of the certificate at the start of `bytes`.
  ///
  /// - Parameter repeated: of the certificate before, of the same inventory; this one's afterwards.
  static func parse(_ bytes: [UInt8], _ repeated: inout RepeatedParts) -> CertificateParser {
    var parser = CertificateParser(bytes)
    swap(&parser.repeated, &repeated)
    parser.run()
    swap(&parser.repeated, &repeated)
    return parser
  }

  var bytes: [UInt8] { walker.bytes }

  /// Whether a part may be remembered: a length that is written too long shows only while it is walked, and
  /// the next certificate with the same bytes would lack it.
  var isRegular: Bool { !walker.hasNonMinimalLength }

  mutating func problem(_ text: String, _ anomaly: CertificateAnomaly) {
    problems.append(text)
    anomalies.insert(anomaly)
  }

  /// A problem of which a code is already in `anomalies`.
  mutating func problem(_ text: String) { problems.append(text) }

  private mutating func run() {
    do {
      try readCertificate()
    } catch {
      problem(error.message, error.anomaly)
    }
    let digest = Hex.sha256(bytes, extent)
    facts.id = digest
    facts.sha256 = digest
    if walker.hasNonMinimalLength { anomalies.insert(.nonMinimalLength) }
    if facts.parseStatus != .failed {
      facts.parseStatus = problems.isEmpty ? .complete : .partial
      addRelations()
    }
    facts.anomalies = anomalies.list
  }

  private mutating func readCertificate() throws(DERError) {
    let outer = try walker.header(0, end: bytes.count)
    guard outer.tag == DERTag.sequence else {
      throw DERError(anomaly: .malformedStructure, message: "it does not start as a certificate")
    }
    let end = min(outer.end, bytes.count)
    extent = 0..<end
    if outer.end > bytes.count { problem("the certificate is cut short", .truncated) }
    if outer.end < bytes.count { anomalies.insert(.trailingBytes) }

    let tbs = try walker.header(outer.content.lowerBound, end: end)
    guard tbs.tag == DERTag.sequence else {
      throw DERError(
        anomaly: .malformedStructure, message: "the signed part has an unexpected type")
    }
    let inner = try readSignedPart(tbs.content.lowerBound..<min(tbs.end, end))

    var position = tbs.end
    let algorithm = try walker.next(
      &position, end: end, tag: DERTag.sequence, "the outer signature algorithm")
    if !bytes[algorithm.whole].elementsEqual(bytes[inner]) {
      anomalies.insert(.signatureAlgorithmMismatch)
    }
    let signature = try walker.next(&position, end: end, tag: DERTag.bitString, "the signature")
    if bytes[signature.content].first != 0 { anomalies.insert(.nonDERBitString) }
    if position < end { problem("unknown bytes follow the signature", .malformedStructure) }
  }

  /// Reads TBSCertificate; returns where its signature algorithm stands.
  private mutating func readSignedPart(_ range: Range<Int>) throws(DERError) -> Range<Int> {
    let end = range.upperBound
    var position = range.lowerBound
    facts.version = 1
    if position < end, bytes[position] == DERTag.explicit(0) {
      try readVersion(try walker.next(&position, end: end).content)
    }
    let serial = try walker.next(&position, end: end, tag: DERTag.integer, "the serial number")
    readSerial(serial.content)
    facts.parseStatus = .partial

    let algorithm = try walker.next(
      &position, end: end, tag: DERTag.sequence, "the signature algorithm")
    try readSignatureAlgorithm(algorithm.content)

    let issuer = try walker.next(&position, end: end, tag: DERTag.sequence, "the issuer")
    readIssuer(issuer.content)
    if issuer.content.isEmpty { anomalies.insert(.issuerEmpty) }

    let validity = try walker.next(&position, end: end, tag: DERTag.sequence, "the validity")
    try readValidity(validity.content)

    let subject = try walker.next(&position, end: end, tag: DERTag.sequence, "the subject")
    if let name = readName(subject.content, "subject") {
      facts.subject = name.text
      facts.subjectCommonName = name.commonName
    }
    facts.isSelfIssued = bytes[subject.content].elementsEqual(bytes[issuer.content])

    let key = try walker.next(&position, end: end, tag: DERTag.sequence, "the public key")
    facts.spkiSHA256 = Hex.sha256(bytes, key.whole)
    readPublicKey(key.content)

    try readRest(&position, end: end)
    return algorithm.whole
  }

  /// Unique identifiers and extensions, in that order, all optional.
  private mutating func readRest(_ position: inout Int, end: Int) throws(DERError) {
    setExtensionDefaults()
    while position < end {
      let element = try walker.next(&position, end: end)
      switch element.tag {
      case DERTag.implicit(1), DERTag.implicit(2), DERTag.explicit(1), DERTag.explicit(2):
        anomalies.insert(.uniqueIdentifier)
      case DERTag.explicit(3): try readExtensions(element.content)
      default: problem("an unknown field stands in the signed part", .malformedStructure)
      }
    }
  }

  private mutating func readVersion(_ content: Range<Int>) throws(DERError) {
    var position = content.lowerBound
    let number = try walker.next(
      &position, end: content.upperBound, tag: DERTag.integer, "the version")
    guard number.content.count == 1, let value = bytes[number.content].first, value < 0x80 else {
      facts.version = nil
      problem("the version is no small number", .unknownVersion)
      return
    }
    facts.version = Int(value) + 1
    if value > 2 { anomalies.insert(.unknownVersion) }
    if value == 0 { anomalies.insert(.explicitDefault) }
  }

  private mutating func readSerial(_ content: Range<Int>) {
    guard let first = bytes[content].first else {
      problem("the serial number is empty", .malformedStructure)
      return
    }
    if content.count > 1 {
      let second = bytes[content.lowerBound + 1]
      if (first == 0 && second < 0x80) || (first == 0xFF && second >= 0x80) {
        anomalies.insert(.nonMinimalInteger)
      }
    }
    let serial = SerialNumber(bytes[content])
    facts.serial = serial.text
    if serial.isNegative { anomalies.insert(.serialNegative) }
    if serial.digits.isEmpty { anomalies.insert(.serialZero) }
    if content.count > 20 { anomalies.insert(.serialTooLong) }
    if serial.digits.count < 8 { anomalies.insert(.serialShort) }
  }

  private mutating func readSignatureAlgorithm(_ content: Range<Int>) throws(DERError) {
    if let known = repeated.signatureAlgorithm.value(of: bytes[content]) {
      facts.signatureAlgorithm = known.name
      facts.signatureDigest = known.digest
      return
    }
    var position = content.lowerBound
    let end = content.upperBound
    let identifier = try walker.next(
      &position, end: end, tag: DERTag.objectIdentifier, "the signature algorithm's identifier")
    guard let known = OID(bytes, identifier.content).flatMap({ SignatureAlgorithm.byOID[$0] })
    else {
      facts.signatureAlgorithm = OID.text(bytes, identifier.content)
      anomalies.insert(.signatureAlgorithmUnknown)
      return
    }
    facts.signatureAlgorithm = known.name
    facts.signatureDigest = known.digest
    let parameters = position..<end
    var isUsual = true
    switch known.parameters {
    case .absent: isUsual = parameters.isEmpty
    case .null: isUsual = bytes[parameters].elementsEqual([DERTag.null, 0])
    case .pss:
      facts.signatureDigest = pssDigest(parameters)
      isUsual = facts.signatureDigest != nil
    case .any: break
    }
    if !isUsual { anomalies.insert(.signatureParameters) }
    if let digest = facts.signatureDigest, SignatureAlgorithm.weakDigests.contains(digest) {
      anomalies.insert(.signatureDigestWeak)
    } else if isUsual, isRegular, facts.signatureDigest == known.digest {
      repeated.signatureAlgorithm.remember(known, of: bytes[content])
    }
  }

  /// The digest that RSASSA-PSS parameters name; SHA-1 when they leave it out (RFC 4055 3.1), and nil when
  /// they cannot be read.
  private mutating func pssDigest(_ range: Range<Int>) -> String? {
    do {
      var position = range.lowerBound
      let sequence = try walker.next(
        &position, end: range.upperBound, tag: DERTag.sequence, "the PSS parameters")
      var inner = sequence.content.lowerBound
      guard inner < sequence.end, bytes[inner] == DERTag.explicit(0) else { return "SHA-1" }
      let tagged = try walker.next(&inner, end: sequence.end)
      var place = tagged.content.lowerBound
      let identifier = try walker.next(
        &place, end: tagged.end, tag: DERTag.sequence, "the PSS digest")
      var last = identifier.content.lowerBound
      let digest = try walker.next(
        &last, end: identifier.end, tag: DERTag.objectIdentifier, "the PSS digest")
      return OID(bytes, digest.content).flatMap { SignatureAlgorithm.digestByOID[$0] }
        ?? OID.text(bytes, digest.content)
    } catch {
      return nil
    }
  }

  private mutating func readIssuer(_ content: Range<Int>) {
    if let known = repeated.issuer.value(of: bytes[content]) {
      facts.issuer = known
      return
    }
    guard let name = readName(content, "issuer") else { return }
    facts.issuer = name.text
    if name.anomalies.isEmpty, isRegular {
      repeated.issuer.remember(name.text, of: bytes[content])
    }
  }

  private mutating func readName(_ content: Range<Int>, _ what: String) -> DistinguishedName? {
    do {
      let name = try DistinguishedName(&walker, content)
      anomalies.formUnion(name.anomalies)
      return name
    } catch {
      problem("the \(what): \(error.message)", error.anomaly)
      return nil
    }
  }

  private mutating func readValidity(_ content: Range<Int>) throws(DERError) {
    var position = content.lowerBound
    let start = try walker.next(&position, end: content.upperBound)
    facts.notBefore = CertificateTime.read(bytes, start, &anomalies)
    if facts.notBefore == nil { problem("notBefore is no valid time") }
    let stop = try walker.next(&position, end: content.upperBound)
    facts.notAfter = CertificateTime.read(bytes, stop, &anomalies)
    if facts.notAfter == nil { problem("notAfter is no valid time") }
    if let first = facts.notBefore, let last = facts.notAfter, last < first {
      anomalies.insert(.validityNotPositive)
    }
  }
}
