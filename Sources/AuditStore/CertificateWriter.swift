import AuditModel
import GRDB
import MeshModel

/// Writes certificates with their names, places and chains, and private keys that were met.
enum CertificateWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter,
    asOf: UTCTime
  ) throws {
    var certificates = try CertificateRows(
      connection, runID: runID, locations: locations, asOf: asOf,
      issuerIDs: facts.certificates.issuerIDs)
    try facts.certificates.forEachRecord { try certificates.insert($0) }
    let chains = try ChainRows(connection, ids: certificates.issuers)
    let rows = certificates.rows
    try facts.certificates.forEachChain {
      rows[$0] != 0
    } _: { position, chain in
      try chains.insert(chain, of: rows[position])
    }
    let keys = try RowWriter(
      connection, table: "private_keys",
      columns: ["run_id", "format", "is_encrypted", "location_id"])
    for key in facts.privateKeys {
      try keys.insert([
        runID, key.kind.rawValue, key.isEncrypted, try locations.id(key.place.location),
      ])
    }
    try TrustWriter.write(facts, connection, runID: runID, locations: locations)
    try RevocationWriter.write(facts, connection, runID: runID, locations: locations)
    try IssuerWriter.write(facts, connection, runID: runID, locations: locations)
  }
}

/// Writes certificates one after another, and of each the places at which it was met.
///
/// Of a certificate that was written nothing is kept but the number of its row.
private struct CertificateRows {
  private let connection: Database
  private let runID: Int64
  private let locations: LocationWriter
  private let issuerIDs: Set<String>
  private let lives: CertificateLifeWriter
  private let certificates: RowWriter
  private let names: RowWriter
  private let sources: RowWriter
  private let sightings: RowWriter
  private let known: Statement
  private let judge: Statement
  /// The row of each record's certificate; 0 when a record before it told of the same certificate.
  private(set) var rows: [Int64] = []
  /// The rows of those that may stand in a chain.
  private(set) var issuers: [String: Int64] = [:]

  init(
    _ connection: Database, runID: Int64, locations: LocationWriter, asOf: UTCTime,
    issuerIDs: Set<String>
  ) throws {
    self.connection = connection
    self.runID = runID
    self.locations = locations
    self.issuerIDs = issuerIDs
    lives = try CertificateLifeWriter(connection, asOf: asOf)
    certificates = try RowWriter(
      connection, table: "certificates",
      columns: [
        "run_id", "fingerprint", "public_key_fingerprint", "subject", "issuer", "serial",
        "not_before", "not_after", "lifetime_seconds", "key_algorithm", "key_bits", "curve",
        "signature_algorithm", "role", "is_ca", "spiffe_id", "trust_domain", "uri_name_count",
        "key_usages", "extended_key_usages", "anomalies", "parse_status", "source", "location_id",
        "identity", "svid_profile", "svid_failures", "svid_unknown", "signature_digest",
        "subject_key_id", "authority_key_id", "is_self_issued", "path_length", "name",
      ])
    names = try RowWriter(
      connection, table: "certificate_names", columns: ["certificate_id", "kind", "value"])
    sources = try RowWriter(
      connection, table: "certificate_revocation_sources",
      columns: ["certificate_id", "kind", "address"])
    sightings = try RowWriter(
      connection, table: "certificate_sightings",
      columns: [
        "certificate_id", "source", "namespace", "name", "key", "pod", "trust_domain", "role",
        "position", "svid_failures", "svid_unknown", "location_id",
      ])
    known = try connection.cachedStatement(
      sql: """
        select certificate_id, svid_failures, svid_unknown
        from certificates
        where run_id = ? and fingerprint = ?
        """)
    judge = try connection.cachedStatement(
      sql: """
        update certificates
        set svid_profile = ?, svid_failures = ?, svid_unknown = ?
        where certificate_id = ?
        """)
  }

  mutating func insert(_ record: CertificateRecord) throws {
    let certificate = record.facts
    let place = record.sighting.place
    let assessment = SVIDAssessment(certificate, role: record.sighting.role)
    let failed = Self.codes(assessment.failed)
    let unknown = Self.codes(assessment.unknown)
    let location =
      place.source == .pem
      ? try locations.id(ofOwn: place.location) : try locations.id(place.location)
    let fingerprint = certificate.sha256 ?? certificate.id
    let id: Int64
    if let row = try Row.fetchOne(known, arguments: [runID, fingerprint]) {
      id = row["certificate_id"]
      // What every place of one certificate asks of it is taken together.
      try judge.execute(arguments: [
        assessment.profile.rawValue, Self.codes(assessment.failed, and: row["svid_failures"]),
        Self.codes(assessment.unknown, and: row["svid_unknown"]), id,
      ])
      rows.append(0)
    } else {
      id = try certificates.insert([
        runID, fingerprint, certificate.spkiSHA256, certificate.subject,
        certificate.issuer, certificate.serial, certificate.notBefore?.text,
        certificate.notAfter?.text, certificate.lifetimeSeconds, certificate.keyAlgorithm,
        certificate.keySize, certificate.curve, certificate.signatureAlgorithm,
        record.sighting.role.rawValue, certificate.isCA, certificate.spiffeID?.description,
        certificate.trustDomain, certificate.names(.uri).count,
        certificate.keyUsages.map(JSONText.array),
        certificate.extendedKeyUsages.map(JSONText.array),
        JSONText.array(certificate.anomalies.map(\.rawValue)), certificate.parseStatus.rawValue,
        place.source.rawValue, location, certificate.identity, assessment.profile.rawValue, failed,
        unknown, certificate.signatureDigest, certificate.subjectKeyID,
        certificate.authorityKeyID, certificate.isSelfIssued, certificate.pathLength,
        certificate.holderName,
      ])
      for name in certificate.subjectAlternativeNames ?? [] {
        try names.insert([id, name.kind.rawValue, name.value])
      }
      for source in certificate.revocationSources {
        try sources.insert([id, source.kind.rawValue, source.address])
      }
      try lives.insert(record)
      rows.append(id)
      if issuerIDs.contains(certificate.id) { issuers[certificate.id] = id }
    }
    try sightings.insert([
      id, place.source.rawValue, place.namespace, place.name, place.key, place.pod,
      place.trustDomain, record.sighting.role.rawValue, record.sighting.position, failed, unknown,
      location,
    ])
  }

  /// The codes, and those of a list that was written before, in the order of the requirements.
  private static func codes(_ requirements: [SVIDRequirement], and written: String = "") -> String {
    JSONText.array(
      SVIDRequirement.allCases.filter { requirement in
        requirements.contains(requirement) || written.contains("\"\(requirement.rawValue)\"")
      }.map(\.rawValue))
  }
}

/// Writes chains.
private struct ChainRows {
  private let chains: RowWriter
  private let ids: [String: Int64]

  /// - Parameter ids: rows of those that stand in a chain above another.
  init(_ connection: Database, ids: [String: Int64]) throws {
    self.ids = ids
    chains = try RowWriter(
      connection, table: "certificate_chains",
      columns: [
        "certificate_id", "outcome", "trust_domain", "issuer_certificate_id",
        "anchor_certificate_id", "path", "path_count", "anchor_count", "problems",
      ])
  }

  func insert(_ chain: CertificateChain, of id: Int64) throws {
    func row(_ certificateID: String) -> Int64? {
      certificateID == chain.certificateID ? id : ids[certificateID]
    }
    let path = chain.path.compactMap(row)
    let problems = chain.problems.map { problem in
      JSONValue.object([
        .init("problem", .string(problem.kind.rawValue)),
        .init("certificate_id", .int(row(problem.certificateID) ?? 0)),
      ])
    }
    try chains.insert([
      id, chain.outcome.rawValue, chain.trustDomain, path.count > 1 ? path[1] : nil,
      chain.anchorID.flatMap(row), JSONValue.array(path.map { .int($0) }).canonicalText,
      chain.pathCount, chain.anchorCount, JSONValue.array(problems).canonicalText,
    ])
  }
}
