import MeshModel

/// The extensions of RFC 5280 section 4.2 that an audit asks about.
extension CertificateParser {
  private enum Kind {
    case subjectKeyID, keyUsage, subjectAlternativeName, basicConstraints, nameConstraints
    case crlDistributionPoints, authorityKeyID, extendedKeyUsage, authorityInfoAccess
    /// Defined by RFC 5280 (or RFC 7633), without facts that we keep.
    case other
  }

  private static let kinds: [OID: Kind] = [
    OID("2.5.29.14"): .subjectKeyID, OID("2.5.29.15"): .keyUsage,
    OID("2.5.29.17"): .subjectAlternativeName, OID("2.5.29.19"): .basicConstraints,
    OID("2.5.29.30"): .nameConstraints, OID("2.5.29.31"): .crlDistributionPoints,
    OID("2.5.29.35"): .authorityKeyID, OID("2.5.29.37"): .extendedKeyUsage,
    OID("1.3.6.1.5.5.7.1.1"): .authorityInfoAccess,
    OID("2.5.29.9"): .other, OID("2.5.29.16"): .other, OID("2.5.29.18"): .other,
    OID("2.5.29.32"): .other, OID("2.5.29.33"): .other, OID("2.5.29.36"): .other,
    OID("2.5.29.46"): .other, OID("2.5.29.54"): .other, OID("1.3.6.1.5.5.7.1.11"): .other,
    OID("1.3.6.1.5.5.7.1.24"): .other,
  ]

  private static let purposes: [OID: String] = [
    OID("1.3.6.1.5.5.7.3.1"): "serverAuth", OID("1.3.6.1.5.5.7.3.2"): "clientAuth",
    OID("1.3.6.1.5.5.7.3.3"): "codeSigning", OID("1.3.6.1.5.5.7.3.4"): "emailProtection",
    OID("1.3.6.1.5.5.7.3.8"): "timeStamping", OID("1.3.6.1.5.5.7.3.9"): "OCSPSigning",
    OID("2.5.29.37.0"): "anyExtendedKeyUsage",
  ]

  /// Names of the bits of KeyUsage, in their order (RFC 5280 4.2.1.3).
  private static let usages = [
    "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment",
    "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
  ]

  /// Every extension is absent until it is met: the whole certificate is before us.
  mutating func setExtensionDefaults() {
    facts.subjectAlternativeNames = []
    facts.keyUsages = []
    facts.extendedKeyUsages = []
    facts.hasBasicConstraints = false
    facts.hasNameConstraints = false
    facts.hasCRLDistributionPoints = false
    facts.hasAuthorityInfoAccess = false
  }

  mutating func readExtensions(_ content: Range<Int>) throws(DERError) {
    var position = content.lowerBound
    let list = try walker.next(
      &position, end: content.upperBound, tag: DERTag.sequence, "the list of extensions")
    if list.content.isEmpty { anomalies.insert(.extensionsEmpty) }
    if facts.version != 3 { anomalies.insert(.extensionsWithoutVersion3) }
    var seen: [Range<Int>] = []
    seen.reserveCapacity(8)
    var inner = list.content.lowerBound
    while inner < list.end {
      let element = try walker.next(
        &inner, end: list.end, tag: DERTag.sequence, "an extension")
      do {
        try readExtension(element.content, seen: &seen)
      } catch {
        problem("an extension: \(error.message)", error.anomaly)
      }
    }
    if seen.count > 32 { anomalies.insert(.tooManyExtensions) }
  }

  private mutating func readExtension(_ content: Range<Int>, seen: inout [Range<Int>])
    throws(DERError)
  {
    let end = content.upperBound
    var position = content.lowerBound
    let identifier = try walker.next(
      &position, end: end, tag: DERTag.objectIdentifier, "an extension's identifier")
    var isCritical = false
    if position < end, bytes[position] == DERTag.boolean {
      isCritical = readBoolean(try walker.next(&position, end: end).content)
      if !isCritical { anomalies.insert(.explicitDefault) }
    }
    let value = try walker.next(
      &position, end: end, tag: DERTag.octetString, "an extension's value")
    let isDuplicate = seen.contains { bytes[$0].elementsEqual(bytes[identifier.content]) }
    seen.append(identifier.content)
    if isDuplicate {
      anomalies.insert(.duplicateExtension)
      let text = OID.text(bytes, identifier.content)
      if !facts.duplicateExtensions.contains(text) { facts.duplicateExtensions.append(text) }
      // RFC 5280 4.2 allows one of a kind; the first is what Go, OpenSSL and zcrypto answer with.
      return
    }
    guard let kind = OID(bytes, identifier.content).flatMap({ Self.kinds[$0] }) else {
      if isCritical {
        anomalies.insert(.unknownCriticalExtension)
        facts.unknownCriticalExtensions.append(OID.text(bytes, identifier.content))
      }
      return
    }
    do {
      try read(kind, value.content, isCritical: isCritical)
    } catch {
      forget(kind)
      problem(
        "the extension \(OID.text(bytes, identifier.content)): \(error.message)",
        .extensionMalformed)
      anomalies.insert(error.anomaly)
    }
  }

  /// What a broken extension would have said is unknown, not absent.
  private mutating func forget(_ kind: Kind) {
    switch kind {
    case .keyUsage: facts.keyUsages = nil
    case .extendedKeyUsage: facts.extendedKeyUsages = nil
    case .subjectAlternativeName: facts.subjectAlternativeNames = nil
    case .basicConstraints:
      facts.hasBasicConstraints = nil
      facts.isCA = nil
    default: break
    }
  }

  private mutating func read(_ kind: Kind, _ value: Range<Int>, isCritical: Bool)
    throws(DERError)
  {
    switch kind {
    case .subjectKeyID:
      var position = value.lowerBound
      let id = try walker.next(
        &position, end: value.upperBound, tag: DERTag.octetString, "the key identifier")
      facts.subjectKeyID = Hex.text(bytes[id.content])
    case .keyUsage:
      facts.isKeyUsageCritical = isCritical
      if !isCritical { anomalies.insert(.keyUsageNotCritical) }
      try readKeyUsage(value)
    case .subjectAlternativeName:
      facts.isSANCritical = isCritical
      facts.subjectAlternativeNames = try readAlternativeNames(value)
    case .basicConstraints:
      facts.hasBasicConstraints = true
      try readBasicConstraints(value, isCritical: isCritical)
    case .nameConstraints:
      facts.hasNameConstraints = true
      if !isCritical { anomalies.insert(.nameConstraintsNotCritical) }
    case .crlDistributionPoints: try readDistributionPoints(value)
    case .authorityInfoAccess: try readAuthorityInfoAccess(value)
    case .authorityKeyID: try readAuthorityKeyID(value)
    case .extendedKeyUsage: try readExtendedKeyUsage(value)
    case .other: break
    }
  }

  private mutating func readBoolean(_ content: Range<Int>) -> Bool {
    guard content.count == 1, let byte = bytes[content].first else {
      anomalies.insert(.nonDERBoolean)
      return false
    }
    if byte != 0, byte != 0xFF { anomalies.insert(.nonDERBoolean) }
    return byte != 0
  }

  private mutating func readKeyUsage(_ value: Range<Int>) throws(DERError) {
    if let known = repeated.keyUsages.value(of: bytes[value]) {
      facts.keyUsages = known
      return
    }
    var position = value.lowerBound
    let bits = try walker.next(
      &position, end: value.upperBound, tag: DERTag.bitString, "the key usage")
    guard let unused = bytes[bits.content].first, unused < 8 else {
      throw DERError(anomaly: .extensionMalformed, message: "the key usage is no bit string")
    }
    let data = bytes[bits.content].dropFirst()
    var usages: [String] = []
    for (index, usage) in Self.usages.enumerated() {
      let place = data.startIndex + index / 8
      if place < data.endIndex, data[place] & (0x80 >> UInt8(index % 8)) != 0 {
        usages.append(usage)
      }
    }
    facts.keyUsages = usages
    if usages.isEmpty { anomalies.insert(.keyUsageEmpty) }
    // DER: no trailing zero bits, and the count of unused bits is true (X.690 11.2).
    if data.last.map({ $0.trailingZeroBitCount != Int(unused) }) ?? (unused != 0) {
      anomalies.insert(.nonDERBitString)
    } else if !usages.isEmpty, isRegular {
      repeated.keyUsages.remember(usages, of: bytes[value])
    }
  }

  private mutating func readBasicConstraints(_ value: Range<Int>, isCritical: Bool)
    throws(DERError)
  {
    var position = value.lowerBound
    let sequence = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the basic constraints")
    var inner = sequence.content.lowerBound
    var isCA = false
    if inner < sequence.end, bytes[inner] == DERTag.boolean {
      isCA = readBoolean(try walker.next(&inner, end: sequence.end).content)
      if !isCA { anomalies.insert(.explicitDefault) }
    }
    facts.isCA = isCA
    if isCA, !isCritical { anomalies.insert(.basicConstraintsNotCritical) }
    guard inner < sequence.end else { return }
    let length = try walker.next(
      &inner, end: sequence.end, tag: DERTag.integer, "the path length")
    let digits = bytes[length.content]
    guard let first = digits.first, first < 0x80, digits.count <= 4 else {
      throw DERError(anomaly: .extensionMalformed, message: "the path length is out of range")
    }
    facts.pathLength = digits.reduce(0) { $0 << 8 | Int($1) }
    if !isCA { anomalies.insert(.pathLengthWithoutCA) }
  }

  private mutating func readAuthorityKeyID(_ value: Range<Int>) throws(DERError) {
    if let known = repeated.authorityKeyID.value(of: bytes[value]) {
      facts.authorityKeyID = known
      return
    }
    var position = value.lowerBound
    let sequence = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the authority key identifier")
    var inner = sequence.content.lowerBound
    var keyID: String?
    while inner < sequence.end {
      let element = try walker.next(&inner, end: sequence.end)
      if element.tag == DERTag.implicit(0) { keyID = Hex.text(bytes[element.content]) }
    }
    guard let keyID else { return }
    facts.authorityKeyID = keyID
    if isRegular { repeated.authorityKeyID.remember(keyID, of: bytes[value]) }
  }

  private mutating func readExtendedKeyUsage(_ value: Range<Int>) throws(DERError) {
    if let known = repeated.extendedKeyUsages.value(of: bytes[value]) {
      facts.extendedKeyUsages = known
      return
    }
    var position = value.lowerBound
    let sequence = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the extended key usage")
    var usages: [String] = []
    var inner = sequence.content.lowerBound
    while inner < sequence.end {
      let purpose = try walker.next(
        &inner, end: sequence.end, tag: DERTag.objectIdentifier, "an extended key usage")
      let name = OID(bytes, purpose.content).flatMap { Self.purposes[$0] }
      usages.append(name ?? OID.text(bytes, purpose.content))
    }
    facts.extendedKeyUsages = usages
    if usages.isEmpty {
      anomalies.insert(.extendedKeyUsageEmpty)
    } else if usages.contains("anyExtendedKeyUsage") {
      anomalies.insert(.extendedKeyUsageAny)
    } else if isRegular {
      repeated.extendedKeyUsages.remember(usages, of: bytes[value])
    }
  }
}
