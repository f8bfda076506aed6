import AuditModel
import GRDB
import MeshModel

/// Writes what issues identities or asks for them: cert-manager, ClusterSPIFFEID, SPIRE entries.
enum IssuerWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let writer = try RowWriter(
      connection, table: "certificate_issuers",
      columns: [
        "run_id", "kind", "namespace", "name", "type", "secret_name", "issuer_kind", "issuer_name",
        "common_name", "names", "usages", "is_ca", "duration_seconds", "renew_before_seconds",
        "renew_before_percentage", "rotation_policy", "key_algorithm", "key_size", "template",
        "has_pod_selector", "has_namespace_selector", "workload_selectors", "jwt_ttl_seconds",
        "federates_with", "is_admin", "is_downstream", "is_ready", "not_after", "renewal_time",
        "location_id",
      ])
    let resources = facts.inventory.certificates
    for item in resources.certificates {
      try writer.insert([
        runID, item.metadata.reference.kind.kind, item.metadata.namespace, item.metadata.name, nil,
        item.secretName?.value, item.issuer?.kind, item.issuer?.name, item.commonName?.value,
        JSONText.array((item.dnsNames + item.uris + item.ipAddresses).map(\.value)),
        JSONText.array(item.usages.map(\.value)), item.isCA, item.durationSeconds?.value,
        item.renewBeforeSeconds?.value, item.renewBeforePercentage?.value,
        item.rotationPolicy?.value, item.keyAlgorithm?.value, item.keySize?.value, nil, nil, nil,
        "[]", nil, "[]", nil, nil, item.isReady, item.notAfter?.text, item.renewalTime?.text,
        try locations.id(item.metadata.location),
      ])
    }
    for item in resources.requests {
      try writer.insert([
        runID, item.metadata.reference.kind.kind, item.metadata.namespace, item.metadata.name, nil,
        nil, item.issuer?.kind, item.issuer?.name, nil, "[]",
        JSONText.array(item.usages.map(\.value)), item.isCA, item.durationSeconds?.value, nil, nil,
        nil, nil, nil, nil, nil, nil, "[]", nil, "[]", nil, nil, item.isReady, nil, nil,
        try locations.id(item.metadata.location),
      ])
    }
    for item in resources.issuers {
      try writer.insert([
        runID, item.metadata.reference.kind.kind, item.metadata.namespace, item.metadata.name,
        item.type?.value, item.secretName, nil, nil, nil, "[]", "[]", nil, nil, nil, nil, nil, nil,
        nil, nil, nil, nil, "[]", nil, "[]", nil, nil, nil, nil, nil,
        try locations.id(item.metadata.location),
      ])
    }
    for item in resources.clusterSPIFFEIDs {
      try writer.insert([
        runID, item.metadata.reference.kind.kind, item.metadata.namespace, item.metadata.name, nil,
        nil, nil, nil, nil, JSONText.array(item.dnsNameTemplates.map(\.value)), "[]", nil,
        item.ttlSeconds?.value, nil, nil, nil, nil, nil, item.template?.value,
        item.podSelector != nil, item.namespaceSelector != nil,
        JSONText.array(item.workloadSelectorTemplates.map(\.value)), item.jwtTTLSeconds?.value,
        JSONText.array(item.federatesWith.map(\.value)), item.isAdmin?.value ?? false,
        item.isDownstream?.value ?? false, nil, nil, nil, try locations.id(item.metadata.location),
      ])
    }
    try writeEntries(facts, connection, runID: runID, locations: locations)
  }

  private static func writeEntries(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let writer = try RowWriter(
      connection, table: "spire_entries",
      columns: [
        "run_id", "entry", "spiffe_id", "parent_id", "selectors", "x509_ttl_seconds",
        "jwt_ttl_seconds", "federates_with", "dns_names", "is_admin", "is_downstream",
        "created_at", "expires_at", "location_id",
      ])
    for entry in facts.registrationEntries {
      try writer.insert([
        runID, entry.id, entry.spiffeID, entry.parentID, JSONText.array(entry.selectors),
        entry.x509TTLSeconds, entry.jwtTTLSeconds, JSONText.array(entry.federatesWith),
        JSONText.array(entry.dnsNames), entry.isAdmin, entry.isDownstream, entry.createdAt?.text,
        entry.expiresAt?.text, try locations.id(entry.location),
      ])
    }
  }
}
