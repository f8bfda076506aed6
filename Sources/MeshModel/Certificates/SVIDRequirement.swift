/// The requirements of the X.509-SVID standard on one certificate, and of Linkerd on its leaves.
///
/// Raw values are stable codes. For every sighting the store keeps two lists of them, in the columns
/// `svid_failures` and `svid_unknown` (JSON), so that a rule is plain SQL over them:
///
/// | code | how it is known |
/// |---|---|
/// | X1, X2, X5 | `certificate_name` of kind `uri`; `SPIFFEIDDefect` codes S1 to S5 for each name |
/// | X4 | `subject`, `is_san_critical`; also the anomaly `san-not-critical` |
/// | X6, X9, X14 | `is_ca`, `key_usages`; anomalies `ca-without-key-cert-sign`, `key-cert-sign-without-ca` |
/// | X7 | `is_ca` and the path of the SPIFFE ID |
/// | X8 | `is_ca` and the sighting's role |
/// | X11 | `key_usages`, `is_key_usage_critical`; anomaly `key-usage-not-critical` |
/// | X12, X15, X16 | `key_usages`, `extended_key_usages` |
/// | L1 to L5 | DNS names, common name, key and signature of a Linkerd leaf |
///
/// X3, X10 and X13 allow something and cannot fail. X17 is a matter of chains, X18 of bundles
/// (diagnostic `spiffe-bundle-key`).
package enum SVIDRequirement: String, Hashable, Sendable, CaseIterable {
  /// Exactly one URI SAN (X509-SVID section 2).
  case oneURI = "X1"
  /// The URI is a valid SPIFFE ID (2, 5.2).
  case validSPIFFEID = "X2"
  /// An empty subject makes the SAN critical (3.1; RFC 5280 4.1.2.6).
  case criticalSAN = "X4"
  /// A leaf's SPIFFE ID has a path (3.1, 5.2).
  case leafPath = "X5"
  /// A signing certificate has the CA flag and keyCertSign (3.2, 4.1, 4.3).
  case signingFlags = "X6"
  /// A signing certificate's SPIFFE ID has no path (3.2).
  case signingPath = "X7"
  /// A signing certificate is not used to authenticate a workload (3.2).
  case signingUse = "X8"
  /// A leaf is no CA (4.1, 5.2).
  case leafFlag = "X9"
  /// Key usage is present and critical (4.3).
  case criticalKeyUsage = "X11"
  /// A leaf may sign data (4.3).
  case digitalSignature = "X12"
  /// A leaf may sign neither certificates nor CRLs (4.3, 5.2).
  case leafUsages = "X14"
  /// A leaf has an extended key usage (4.4; should).
  case extendedKeyUsage = "X15"
  /// An extended key usage names serverAuth and clientAuth (4.4).
  case bothPurposes = "X16"
  /// A Linkerd leaf has exactly one DNS SAN and no other name (linkerd2 identity `checkCSR`).
  case linkerdOneName = "L1"
  /// Its common name is empty or equal to the DNS SAN (same).
  case linkerdCommonName = "L2"
  /// The name is `<sa>.<ns>.serviceaccount.identity.<control plane ns>.<trust domain>`.
  case linkerdPattern = "L3"
  /// Its key is on P-256 (linkerd2 pkg/tls).
  case linkerdKey = "L4"
  /// Its signature is ECDSA with SHA-256 (linkerd2 pkg/issuercerts).
  case linkerdSignature = "L5"
}

/// Which requirements one certificate does not meet, and which cannot be told from what is known.
package struct SVIDAssessment: Hashable, Sendable {
  /// The kind of identity that the certificate carries.
  package enum Profile: String, Hashable, Sendable {
    case spiffe
    case linkerd
    /// Neither a SPIFFE URI nor a Linkerd name: no SVID (a gateway's or webhook's certificate).
    case none
  }

  package var profile: Profile
  package var failed: [SVIDRequirement] = []
  package var unknown: [SVIDRequirement] = []

  /// Judges a certificate in the role in which it was met.
  ///
  /// Requirements that do not apply to the role or the profile are in neither list. A certificate
  /// whose role is unknown is judged by what holds for every role.
  package init(_ facts: CertificateFacts, role: CertificateRole) {
    profile = SVIDAssessment.profile(of: facts)
    let signs = role != .leaf && (facts.isCA == true || role == .intermediate || role == .anchor)
    if profile != .none || signs {
      judge(
        .criticalKeyUsage, facts.keyUsages.map { $0.isEmpty ? false : facts.isKeyUsageCritical })
    }
    if facts.subject?.isEmpty == true, facts.subjectAlternativeNames?.isEmpty == false {
      judge(.criticalSAN, facts.isSANCritical)
    }
    if signs { judgeSigner(facts) }
    if role == .leaf, facts.isCA == true { failed.append(.signingUse) }
    if role == .leaf, profile != .none { judgeLeaf(facts) }
    if role == .leaf, profile == .linkerd { judgeLinkerd(facts) }
    let order = SVIDRequirement.allCases
    failed = order.filter(failed.contains)
    unknown = order.filter(unknown.contains)
  }

  private static func profile(of facts: CertificateFacts) -> Profile {
    let scheme = "spiffe:"
    if facts.names(.uri).contains(where: { $0.lowercased().hasPrefix(scheme) }) { return .spiffe }
    if facts.names(.dns).contains(where: { $0.contains(".serviceaccount.identity.") }) {
      return .linkerd
    }
    return .none
  }

  /// Notes a requirement: true passes, false fails, nil (or unknown inside) is unknown.
  private mutating func judge(_ requirement: SVIDRequirement, _ holds: Bool??) {
    switch holds ?? nil {
    case true?: break
    case false?: failed.append(requirement)
    case nil: unknown.append(requirement)
    }
  }

  private mutating func judgeSigner(_ facts: CertificateFacts) {
    let canSign = facts.keyUsages.map { $0.contains("keyCertSign") }
    let isCA = facts.isCA ?? (facts.hasBasicConstraints == false ? false : nil)
    judge(
      .signingFlags,
      isCA == false || canSign == false ? false : isCA == nil || canSign == nil ? nil : true)
    if let id = facts.spiffeID { judge(.signingPath, id.path.isEmpty) }
  }

  private mutating func judgeLeaf(_ facts: CertificateFacts) {
    if profile == .spiffe {
      let uris = facts.names(.uri)
      judge(.oneURI, uris.count == 1)
      judge(.validSPIFFEID, uris.allSatisfy { SPIFFEIDDefect.all(in: $0).isEmpty })
      if let id = facts.spiffeID { judge(.leafPath, !id.path.isEmpty) }
    }
    judge(.leafFlag, facts.isCA.map { !$0 } ?? (facts.hasBasicConstraints == false ? true : nil))
    if let usages = facts.keyUsages {
      if !usages.isEmpty { judge(.digitalSignature, usages.contains("digitalSignature")) }
      judge(.leafUsages, !usages.contains("keyCertSign") && !usages.contains("cRLSign"))
    } else {
      unknown += [.digitalSignature, .leafUsages]
    }
    if let purposes = facts.extendedKeyUsages {
      judge(.extendedKeyUsage, !purposes.isEmpty)
      if !purposes.isEmpty {
        judge(.bothPurposes, purposes.contains("serverAuth") && purposes.contains("clientAuth"))
      }
    } else {
      unknown += [.extendedKeyUsage, .bothPurposes]
    }
  }

  private mutating func judgeLinkerd(_ facts: CertificateFacts) {
    let names = facts.subjectAlternativeNames ?? []
    judge(.linkerdOneName, names.count == 1 && names[0].kind == .dns)
    let dns = facts.names(.dns).first ?? ""
    judge(
      .linkerdCommonName,
      facts.subject == nil
        ? nil : facts.subjectCommonName == nil || facts.subjectCommonName == dns)
    judge(.linkerdPattern, Self.isLinkerdName(dns))
    judge(.linkerdKey, facts.keyAlgorithm.map { $0 == "EC" && facts.curve == "P-256" })
    judge(.linkerdSignature, facts.signatureAlgorithm.map { $0 == "ecdsa-with-SHA256" })
  }

  /// At least two labels, `serviceaccount.identity`, and at least two more; none empty.
  ///
  /// A service account's own name may have dots.
  private static func isLinkerdName(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard !parts.contains(""), let mark = parts.firstIndex(of: "serviceaccount") else {
      return false
    }
    return mark >= 2 && parts.count >= mark + 4 && parts[mark + 1] == "identity"
  }
}
