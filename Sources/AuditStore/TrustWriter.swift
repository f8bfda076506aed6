import AuditModel
import GRDB
import MeshModel

/// Writes what makes a mesh trust keys: federations, bundles, keys of bundles; and the tokens that were met.
enum TrustWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let sources = try RowWriter(
      connection, table: "trust_sources",
      columns: [
        "run_id", "resource_kind", "resource_name", "kind", "source_name", "source_key",
        "trust_domain", "endpoint_url", "endpoint_profile", "endpoint_spiffe_id", "target",
        "location_id",
      ])
    for source in facts.inventory.certificates.trustSources {
      try sources.insert([
        runID, source.resource.kind.kind, source.resource.name, source.kind.rawValue, source.name,
        source.key, source.trustDomain, source.endpointURL, source.endpointProfile,
        source.endpointSPIFFEID, source.target, try locations.id(source.location),
      ])
    }
    let keys = try RowWriter(
      connection, table: "trust_bundle_keys",
      columns: [
        "run_id", "trust_domain", "purpose", "key_id", "key_type", "certificate_count", "position",
        "defects", "location_id",
      ])
    for key in facts.bundleKeys {
      try keys.insert([
        runID, key.trustDomain, key.use, key.keyID, key.keyType, key.certificateCount,
        key.position, JSONText.array(key.defects.map(\.rawValue)), try locations.id(key.location),
      ])
    }
    let tokens = try RowWriter(
      connection, table: "jwt_svids",
      columns: [
        "run_id", "subject", "spiffe_id", "trust_domain", "algorithm", "key_id", "audiences",
        "issued_at", "expires_at", "failures", "location_id",
      ])
    for token in facts.tokens {
      try tokens.insert([
        runID, token.subject, token.spiffeID?.description, token.spiffeID?.trustDomain,
        token.algorithm, token.keyID, JSONText.array(token.audiences), token.issuedAt?.text,
        token.expiresAt?.text, JSONText.array(token.failed.map(\.rawValue)),
        try locations.id(token.location),
      ])
    }
  }
}
