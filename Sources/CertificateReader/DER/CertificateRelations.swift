import MeshModel

/// Oddities that show only when several fields are seen together.
extension CertificateParser {
  mutating func addRelations() {
    if facts.version != 3, facts.version != nil { anomalies.insert(.versionNot3) }
    addNameRelations()
    let usages = facts.keyUsages ?? []
    let signs = usages.contains("keyCertSign")
    if signs, facts.isCA != true, facts.hasBasicConstraints != nil {
      anomalies.insert(.keyCertSignWithoutCA)
    }
    if facts.isCA == true {
      if facts.keyUsages != nil, !signs { anomalies.insert(.caWithoutKeyCertSign) }
      if facts.subjectKeyID == nil { anomalies.insert(.caWithoutSubjectKeyID) }
    } else if facts.hasNameConstraints == true {
      anomalies.insert(.nameConstraintsInLeaf)
    }
    if facts.isSelfIssued == false, facts.authorityKeyID == nil, facts.hasBasicConstraints != nil {
      anomalies.insert(.withoutAuthorityKeyID)
    }
    switch facts.keyAlgorithm {
    case "EC", "Ed25519", "Ed448":
      if usages.contains("keyEncipherment") || usages.contains("dataEncipherment") {
        anomalies.insert(.keyUsageUnfitForKey)
      }
    case "RSA":
      if usages.contains("keyAgreement") { anomalies.insert(.keyUsageUnfitForKey) }
    default: break
    }
  }

  private mutating func addNameRelations() {
    guard facts.subject?.isEmpty == true, let names = facts.subjectAlternativeNames else { return }
    if names.isEmpty, facts.isSANCritical == nil {
      anomalies.insert(.nameless)
    } else if facts.isSANCritical == false {
      anomalies.insert(.sanNotCritical)
    }
  }
}
