import AuditModel
import GRDB
import MeshModel

/// Writes what Istio's resources mean beyond who may call whom.
enum IstioWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs,
    locations: LocationWriter
  ) throws {
    let writer = Writer(connection: connection, runID: runID, ids: ids, locations: locations)
    try writer.writeDivergences(facts.istio.divergences)
    try writer.writeClientTLS(facts.istio.clientTLS)
    try writer.writeEgress(facts.istio.egress)
    try writer.writeRequestAuthentications(facts.istio.requestAuthentications)
    try writer.writeGatewayServers(facts.istio.gatewayServers)
    try writer.writeExternalServices(facts.istio.externalServices)
    try writer.writeProviders(facts.istio.providers)
  }

  private struct Writer {
    let connection: Database
    let runID: Int64
    let ids: ConfigurationIDs
    let locations: LocationWriter

    func writeDivergences(_ divergences: [PolicyDivergence]) throws {
      let rows = try RowWriter(
        connection, table: "policy_divergences",
        columns: [
          "run_id", "kind", "namespace", "name", "rule_index", "difference", "effect",
          "explanation", "ambient_workloads", "ambient_workload_count", "location_id",
        ])
      for fact in divergences {
        try rows.insert([
          runID, fact.policy.kind.kind, fact.policy.namespace, fact.policy.name, fact.ruleIndex,
          fact.kind.rawValue, fact.effect.rawValue, fact.explanation,
          JSONText.array(fact.ambientWorkloads.map { "\($0.namespace)/\($0.name)" }),
          fact.ambientWorkloads.count, try locations.id(fact.location),
        ])
      }
    }

    func writeClientTLS(_ differences: [ClientTLSDifference]) throws {
      let rows = try RowWriter(
        connection, table: "client_tls_facts",
        columns: [
          "run_id", "client_namespace", "client_workload_id", "server_workload_id", "port",
          "subset", "outcome", "traps", "decided_by", "location_id",
        ])
      for difference in differences {
        let fact = difference.fact
        guard let server = ids.workloads[fact.server] else { continue }
        try rows.insert([
          runID, difference.namespace, difference.client.flatMap { ids.workloads[$0] }, server,
          fact.port, fact.subset, fact.outcome.rawValue,
          JSONText.array(fact.traps.map(\.rawValue)), fact.decidedBy,
          try locations.id(fact.location),
        ])
      }
    }

    func writeEgress(_ facts: [WorkloadEgressFact]) throws {
      let rows = try RowWriter(
        connection, table: "workload_egress_facts",
        columns: [
          "workload_id", "mode", "decided_by", "visible_hosts", "sees_everything", "location_id",
        ])
      for fact in facts {
        guard let workload = ids.workloads[fact.workload] else { continue }
        try rows.insert([
          workload, fact.mode?.rawValue, fact.decidedBy, JSONText.array(fact.visibleHosts),
          fact.visibleHosts.contains("*/*"), try locations.id(fact.location),
        ])
      }
    }

    func writeRequestAuthentications(_ facts: [RequestAuthenticationFact]) throws {
      let rows = try RowWriter(
        connection, table: "request_authentication_facts",
        columns: [
          "workload_id", "namespace", "name", "issuers", "issuer_count", "is_token_required",
          "is_enforced", "location_id",
        ])
      var seen: Set<Key> = []
      for fact in facts {
        guard let workload = ids.workloads[fact.workload],
          // The same policy twice among the inputs is one policy.
          seen.insert(Key(workload: workload, policy: fact.policy)).inserted
        else { continue }
        try rows.insert([
          workload, fact.policy.namespace, fact.policy.name, JSONText.array(fact.issuers),
          fact.issuers.count, fact.isTokenRequired, fact.isEnforced,
          try locations.id(fact.location),
        ])
      }
    }

    private struct Key: Hashable {
      var workload: Int64
      var policy: ResourceReference
    }

    func writeGatewayServers(_ facts: [GatewayServerFact]) throws {
      let rows = try RowWriter(
        connection, table: "gateway_server_facts",
        columns: [
          "run_id", "namespace", "name", "position", "port", "protocol", "hosts", "tls_mode",
          "minimum_protocol_version", "redirects_to_https", "credential_names", "location_id",
        ])
      let members = try RowWriter(
        connection, table: "gateway_server_workloads",
        columns: ["gateway_server_id", "workload_id"])
      var positions: [ResourceReference: Int] = [:]
      for fact in facts {
        let position = positions[fact.gateway, default: 0]
        positions[fact.gateway] = position + 1
        let id = try rows.insert([
          runID, fact.gateway.namespace, fact.gateway.name, position, fact.port,
          fact.protocolName, JSONText.array(fact.hosts), fact.tlsMode?.rawValue,
          fact.minimumProtocolVersion, fact.redirectsToHTTPS,
          JSONText.array(fact.credentialNames), try locations.id(fact.location),
        ])
        for workload in Set(fact.workloads.compactMap { ids.workloads[$0] }).sorted() {
          try members.insert([id, workload])
        }
      }
    }

    func writeExternalServices(_ facts: [ExternalServiceFact]) throws {
      let rows = try RowWriter(
        connection, table: "external_service_facts",
        columns: [
          "run_id", "namespace", "name", "host", "mesh_location", "resolution", "ports",
          "export_to", "is_export_written", "location_id",
        ])
      for fact in facts {
        try rows.insert([
          runID, fact.entry.namespace, fact.entry.name, fact.host, fact.meshLocation.rawValue,
          fact.resolution, JSONText.array(fact.ports.map { String($0) }),
          JSONText.array(fact.exportTo), fact.isExportWritten, try locations.id(fact.location),
        ])
      }
    }

    func writeProviders(_ providers: [IstioMeshConfig.ExtensionProvider]) throws {
      let rows = try RowWriter(
        connection, table: "extension_provider_facts",
        columns: [
          "run_id", "name", "kind", "service", "port", "fails_open", "timeout", "location_id",
        ])
      for provider in providers {
        try rows.insert([
          runID, provider.name.value, provider.kind?.rawValue, provider.service?.value,
          provider.port, provider.failsOpen, provider.timeout, try locations.id(provider.location),
        ])
      }
    }
  }
}
