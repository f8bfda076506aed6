import AuditModel
import GRDB
import MeshModel

/// Writes certificates and private keys that were met.
enum CertificateWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let certificates = try RowWriter(
      connection, table: "certificates",
      columns: [
        "run_id", "fingerprint", "public_key_fingerprint", "subject", "issuer", "serial",
        "not_before", "not_after", "lifetime_seconds", "key_algorithm", "key_bits", "curve",
        "signature_algorithm", "role", "is_ca", "spiffe_id", "trust_domain", "uri_name_count",
        "key_usages", "extended_key_usages", "anomalies", "parse_status", "source", "location_id",
      ])
    let names = try RowWriter(
      connection, table: "certificate_names", columns: ["certificate_id", "kind", "value"])
    var seen: Set<String> = []
    for record in facts.certificates where seen.insert(record.facts.id).inserted {
      let certificate = record.facts
      let id = try certificates.insert([
        runID, certificate.sha256 ?? certificate.id, certificate.spkiSHA256, certificate.subject,
        certificate.issuer, certificate.serial, certificate.notBefore?.text,
        certificate.notAfter?.text, certificate.lifetimeSeconds, certificate.keyAlgorithm,
        certificate.keySize, certificate.curve, certificate.signatureAlgorithm,
        record.sighting.role.rawValue, certificate.isCA, certificate.spiffeID?.description,
        certificate.spiffeID?.trustDomain, certificate.names(.uri).count,
        certificate.keyUsages.map(JSONText.array),
        certificate.extendedKeyUsages.map(JSONText.array),
        JSONText.array(certificate.anomalies.map(\.rawValue)), certificate.parseStatus.rawValue,
        record.sighting.place.source.rawValue, try locations.id(record.sighting.place.location),
      ])
      for name in certificate.subjectAlternativeNames ?? [] {
        try names.insert([id, name.kind.rawValue, name.value])
      }
    }
    let keys = try RowWriter(
      connection, table: "private_keys",
      columns: ["run_id", "format", "is_encrypted", "location_id"])
    for key in facts.privateKeys {
      try keys.insert([
        runID, key.kind.rawValue, key.isEncrypted, try locations.id(key.place.location),
      ])
    }
  }
}
