import AuditModel
import GRDB
import MeshModel

/// Writes certificates with their names, places and chains, and private keys that were met.
enum CertificateWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter,
    asOf: UTCTime
  ) throws {
    let ids = try writeCertificates(facts, connection, runID: runID, locations: locations)
    try writeSightings(facts, connection, ids: ids, locations: locations)
    try writeChains(facts, connection, ids: ids)
    let keys = try RowWriter(
      connection, table: "private_keys",
      columns: ["run_id", "format", "is_encrypted", "location_id"])
    for key in facts.privateKeys {
      try keys.insert([
        runID, key.kind.rawValue, key.isEncrypted, try locations.id(key.place.location),
      ])
    }
    try CertificateLifeWriter.write(facts, connection, asOf: asOf)
    try TrustWriter.write(facts, connection, runID: runID, locations: locations)
    try RevocationWriter.write(facts, connection, runID: runID, locations: locations)
    try IssuerWriter.write(facts, connection, runID: runID, locations: locations)
  }

  /// What every place of one certificate asks of it, taken together.
  private struct Assessment {
    var profile = SVIDAssessment.Profile.none
    var failed: Set<SVIDRequirement> = []
    var unknown: Set<SVIDRequirement> = []
  }

  private static func writeCertificates(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws -> [String: Int64] {
    var assessments: [String: Assessment] = [:]
    for record in facts.certificates {
      let assessment = SVIDAssessment(record.facts, role: record.sighting.role)
      assessments[record.facts.id, default: Assessment()].profile = assessment.profile
      assessments[record.facts.id]?.failed.formUnion(assessment.failed)
      assessments[record.facts.id]?.unknown.formUnion(assessment.unknown)
    }
    let certificates = try RowWriter(
      connection, table: "certificates",
      columns: [
        "run_id", "fingerprint", "public_key_fingerprint", "subject", "issuer", "serial",
        "not_before", "not_after", "lifetime_seconds", "key_algorithm", "key_bits", "curve",
        "signature_algorithm", "role", "is_ca", "spiffe_id", "trust_domain", "uri_name_count",
        "key_usages", "extended_key_usages", "anomalies", "parse_status", "source", "location_id",
        "identity", "svid_profile", "svid_failures", "svid_unknown", "signature_digest",
        "subject_key_id", "authority_key_id", "is_self_issued", "path_length", "name",
      ])
    let names = try RowWriter(
      connection, table: "certificate_names", columns: ["certificate_id", "kind", "value"])
    let sources = try RowWriter(
      connection, table: "certificate_revocation_sources",
      columns: ["certificate_id", "kind", "address"])
    var ids: [String: Int64] = [:]
    for record in facts.certificates where ids[record.facts.id] == nil {
      let certificate = record.facts
      let assessment = assessments[certificate.id] ?? Assessment()
      let id = try certificates.insert([
        runID, certificate.sha256 ?? certificate.id, certificate.spkiSHA256, certificate.subject,
        certificate.issuer, certificate.serial, certificate.notBefore?.text,
        certificate.notAfter?.text, certificate.lifetimeSeconds, certificate.keyAlgorithm,
        certificate.keySize, certificate.curve, certificate.signatureAlgorithm,
        record.sighting.role.rawValue, certificate.isCA, certificate.spiffeID?.description,
        certificate.trustDomain, certificate.names(.uri).count,
        certificate.keyUsages.map(JSONText.array),
        certificate.extendedKeyUsages.map(JSONText.array),
        JSONText.array(certificate.anomalies.map(\.rawValue)), certificate.parseStatus.rawValue,
        record.sighting.place.source.rawValue, try locations.id(record.sighting.place.location),
        certificate.identity, assessment.profile.rawValue, codes(assessment.failed),
        codes(assessment.unknown), certificate.signatureDigest, certificate.subjectKeyID,
        certificate.authorityKeyID, certificate.isSelfIssued, certificate.pathLength,
        certificate.holderName,
      ])
      ids[certificate.id] = id
      for name in certificate.subjectAlternativeNames ?? [] {
        try names.insert([id, name.kind.rawValue, name.value])
      }
      for source in certificate.revocationSources {
        try sources.insert([id, source.kind.rawValue, source.address])
      }
    }
    return ids
  }

  private static func codes(_ requirements: Set<SVIDRequirement>) -> String {
    JSONText.array(SVIDRequirement.allCases.filter(requirements.contains).map(\.rawValue))
  }

  private static func writeSightings(
    _ facts: RunFacts, _ connection: Database, ids: [String: Int64], locations: LocationWriter
  ) throws {
    let sightings = try RowWriter(
      connection, table: "certificate_sightings",
      columns: [
        "certificate_id", "source", "namespace", "name", "key", "pod", "trust_domain", "role",
        "position", "svid_failures", "svid_unknown", "location_id",
      ])
    for record in facts.certificates {
      guard let id = ids[record.facts.id] else { continue }
      let place = record.sighting.place
      let assessment = SVIDAssessment(record.facts, role: record.sighting.role)
      try sightings.insert([
        id, place.source.rawValue, place.namespace, place.name, place.key, place.pod,
        place.trustDomain, record.sighting.role.rawValue, record.sighting.position,
        codes(Set(assessment.failed)), codes(Set(assessment.unknown)),
        try locations.id(place.location),
      ])
    }
  }

  private static func writeChains(
    _ facts: RunFacts, _ connection: Database, ids: [String: Int64]
  ) throws {
    let chains = try RowWriter(
      connection, table: "certificate_chains",
      columns: [
        "certificate_id", "outcome", "trust_domain", "issuer_certificate_id",
        "anchor_certificate_id", "path", "path_count", "anchor_count", "problems",
      ])
    for chain in facts.chains {
      guard let id = ids[chain.certificateID] else { continue }
      let path = chain.path.compactMap { ids[$0] }
      let problems = chain.problems.map { problem in
        JSONValue.object([
          .init("problem", .string(problem.kind.rawValue)),
          .init("certificate_id", .int(ids[problem.certificateID] ?? 0)),
        ])
      }
      try chains.insert([
        id, chain.outcome.rawValue, chain.trustDomain, path.count > 1 ? path[1] : nil,
        chain.anchorID.flatMap { ids[$0] },
        JSONValue.array(path.map { .int($0) }).canonicalText, chain.pathCount,
        chain.anchorCount, JSONValue.array(problems).canonicalText,
      ])
    }
  }
}
