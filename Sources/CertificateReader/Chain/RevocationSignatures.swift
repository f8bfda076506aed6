package import MeshModel

extension CertificateReader {
  /// The lists with what their signatures are worth, and without their bytes.
  ///
  /// A list is its issuer's when the key of a CA of that name made the signature (RFC 5280 6.3.3 (f) and (g));
  /// of several CAs of one name the one that the authority key identifier points at is asked first, and at
  /// most `issuerLimit` are.
  package static func verified(
    _ lists: [RevocationList], against records: [CertificateRecord]
  ) -> [RevocationList] {
    guard !lists.isEmpty else { return [] }
    let names = Set(lists.map(\.issuer))
    var issuers: [String: [String: CertificateRecord]] = [:]
    for record in records where record.facts.isCA != false {
      guard let subject = record.facts.subject, names.contains(subject) else { continue }
      issuers[subject, default: [:]][record.facts.spkiSHA256 ?? record.facts.id] = record
    }
    return lists.map { list in
      var list = list
      let candidates = (issuers[list.issuer] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      let likeliest = candidates.filter { $0.facts.subjectKeyID == list.authorityKeyID }
      let others = candidates.filter { $0.facts.subjectKeyID != list.authorityKeyID }
      list.signature = signature(of: list, by: (likeliest + others).prefix(issuerLimit))
      list.der = nil
      return list
    }
  }

  private static let issuerLimit = 64

  private static func signature(
    of list: RevocationList, by issuers: ArraySlice<CertificateRecord>
  ) -> RevocationList.Signature {
    guard !issuers.isEmpty else { return .issuerMissing }
    guard let bytes = list.der, let parts = SignedParts(list: bytes) else { return .notVerifiable }
    var isOpen = false
    for issuer in issuers {
      guard let der = issuer.der,
        let key = SignedParts(der).flatMap({
          IssuerKey(der, $0.publicKeyInfo)
        })
      else {
        isOpen = true
        continue
      }
      switch SignatureCheck.verify(bytes, parts, with: key) {
      case .valid: return .valid
      case .notVerifiable: isOpen = true
      case .invalid: break
      }
    }
    return isOpen ? .notVerifiable : .invalid
  }
}
