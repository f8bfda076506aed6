import MeshModel

/// What each label of PEM holds (RFC 7468 and the labels that OpenSSL and OpenSSH write).
extension CertificateCollector {
  mutating func add(_ block: PEMBlock, at place: CertificatePlace) {
    for defect in block.defects { report(defect, of: block, at: place) }
    if block.defects.contains(.strayEnd) {
      inventory.itemCount += 1
      return
    }
    if block.label.hasSuffix("PRIVATE KEY") {
      let (kind, isEncrypted) = privateKey(block)
      addPrivateKey(kind, isEncrypted: isEncrypted, at: place, position: block.position)
      return
    }
    switch block.label {
    case "CERTIFICATE", "X509 CERTIFICATE":
      guard !block.content.isEmpty else {
        inventory.itemCount += 1
        sink.report(
          .error, "certificate-unreadable",
          "certificate \(block.position + 1)\(Self.suffix(place)) is empty", at: place.location)
        return
      }
      addDER(block.content, at: place, position: block.position)
    case "PKCS7", "PKCS #7 SIGNED DATA", "CMS":
      var place = place
      place.source = .pkcs7
      addPKCS7(block.content, at: place)
    case "X509 CRL": addRevocationList(block.content, at: place)
    case "TRUSTED CERTIFICATE":
      addNotEvaluated(
        "a block \"TRUSTED CERTIFICATE\" (OpenSSL's own trust settings around a certificate)",
        .warning, at: place, hint: "write it as \"CERTIFICATE\": openssl x509 -in FILE")
    case "PKCS12":
      var place = place
      place.source = .pkcs12
      addPKCS12(block.content, at: place)
    default:
      let severity: Diagnostic.Severity =
        block.label.contains("CERTIFICATE") && !block.label.contains("REQUEST") ? .warning : .note
      addNotEvaluated("a block \"\(block.label)\"", severity, at: place)
    }
  }

  private func privateKey(_ block: PEMBlock) -> (PrivateKeySighting.Kind, isEncrypted: Bool) {
    switch block.label {
    case "PRIVATE KEY": (.pkcs8, block.isEncrypted)
    case "ENCRYPTED PRIVATE KEY": (.encryptedPKCS8, true)
    case "RSA PRIVATE KEY": (.pkcs1, block.isEncrypted)
    case "EC PRIVATE KEY": (.ec, block.isEncrypted)
    case "DSA PRIVATE KEY": (.dsa, block.isEncrypted)
    case "OPENSSH PRIVATE KEY": (.openSSH, !Self.isPlainOpenSSH(block.content))
    default: (.other, block.isEncrypted || block.label.contains("ENCRYPTED"))
    }
  }

  /// Whether the cipher's name is `none` (openssh-portable PROTOCOL.key section 1).
  private static func isPlainOpenSSH(_ content: [UInt8]) -> Bool {
    content.starts(with: Array("openssh-key-v1\0".utf8) + [0, 0, 0, 4] + Array("none".utf8))
  }

  private func report(_ defect: PEMBlock.Defect, of block: PEMBlock, at place: CertificatePlace) {
    let what = "block \(block.position + 1) (\"\(block.label)\")\(Self.suffix(place))"
    switch defect {
    case .notBase64(let line):
      let lineText = place.location.line == block.line ? " on line \(line)" : ""
      sink.report(
        .error, "pem-syntax", "\(what) has a character that is not base64\(lineText)",
        at: place.location, hint: "what stands before it was read")
    case .incompleteBase64:
      sink.report(
        .error, "pem-syntax", "\(what) ends in the middle of a base64 group", at: place.location)
    case .notClosed:
      sink.report(
        .error, "pem-syntax", "\(what) has no END line", at: place.location,
        hint: "the file may be cut short")
    case .otherEndLabel(let label):
      sink.report(
        .warning, "pem-syntax", "\(what) ends as \"\(label)\"", at: place.location)
    case .malformedBegin:
      sink.report(
        .error, "pem-syntax", "\(what) has a BEGIN line that does not end in \"-----\"",
        at: place.location)
    case .strayEnd:
      sink.report(
        .error, "pem-syntax", "an END line (\"\(block.label)\") without a BEGIN line",
        at: place.location)
    }
  }
}
