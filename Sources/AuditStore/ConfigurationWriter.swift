import AuditModel
import GRDB
import MeshModel

/// Writes resources, namespaces, services, workloads and settings.
enum ConfigurationWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws -> ConfigurationIDs {
    var ids = ConfigurationIDs()
    try writeSettings(facts, connection, runID: runID, locations: locations)
    try writeResources(facts, connection, runID: runID, locations: locations, ids: &ids)
    try writeNamespaces(facts, connection, runID: runID, locations: locations)
    try writeServices(facts, connection, runID: runID, locations: locations)
    try writeWorkloads(facts, connection, runID: runID, locations: locations, ids: &ids)
    try IdentityWriter.write(facts, connection, runID: runID)
    try RegistrationWriter.write(
      facts, connection, runID: runID, locations: locations, ids: ids)
    try writeServiceAccounts(facts, connection, runID: runID, locations: locations)
    try writePorts(facts, connection, locations: locations, ids: ids)
    try writeTelemetry(facts, connection, locations: locations, ids: ids)
    return ids
  }

  private static func writeSettings(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let writer = try RowWriter(
      connection, table: "settings",
      columns: ["run_id", "layer", "name", "value", "is_default", "location_id"])
    for setting in facts.settings {
      try writer.insert([
        runID, setting.layer.rawValue, setting.name, setting.value, setting.isDefault,
        try locations.id(setting.location),
      ])
    }
  }

  private static func writeResources(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter,
    ids: inout ConfigurationIDs
  ) throws {
    let writer = try RowWriter(
      connection, table: "resources",
      columns: [
        "run_id", "api_group", "api_version", "kind", "namespace", "name", "labels", "annotations",
        "spec", "created_at", "is_incomplete", "location_id",
      ])
    for resource in facts.inventory.resources {
      let metadata = resource.metadata
      ids.resources[metadata.reference] = try writer.insert([
        runID, metadata.reference.kind.group, metadata.version, metadata.reference.kind.kind,
        metadata.namespace, metadata.name, JSONText.object(metadata.labels),
        JSONText.object(metadata.annotations), resource.spec.canonicalText,
        metadata.creationTimestamp?.text, resource.isIncomplete,
        try locations.id(metadata.location),
      ])
    }
  }

  private static func writeNamespaces(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let writer = try RowWriter(
      connection, table: "namespaces",
      columns: ["run_id", "name", "labels", "is_declared", "location_id"])
    var names: Set<String> = []
    for namespace in facts.inventory.kubernetes.namespaces {
      guard names.insert(namespace.name).inserted else { continue }
      try writer.insert([
        runID, namespace.name, JSONText.object(namespace.labels), true,
        try locations.id(namespace.location),
      ])
    }
    for name in Set(facts.workloads.map(\.workload.id.namespace)).subtracting(names).sorted() {
      try writer.insert([
        runID, name, JSONText.object(["kubernetes.io/metadata.name": name]), false, nil,
      ])
    }
  }

  private static func writeServices(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let services = try RowWriter(
      connection, table: "services",
      columns: ["run_id", "namespace", "name", "type", "selector", "location_id"])
    let ports = try RowWriter(
      connection, table: "service_ports",
      columns: [
        "service_id", "name", "port", "target_port", "app_protocol", "protocol", "location_id",
      ])
    for service in facts.inventory.kubernetes.services {
      let id = try services.insert([
        runID, service.namespace, service.name, service.type, JSONText.object(service.selector),
        try locations.id(service.location),
      ])
      for port in service.ports {
        try ports.insert([
          id, port.name, port.port, port.targetPort, port.appProtocol, port.transport.rawValue,
          try locations.id(port.location),
        ])
      }
    }
  }

  private static func writeWorkloads(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter,
    ids: inout ConfigurationIDs
  ) throws {
    let writer = try RowWriter(
      connection, table: "workloads",
      columns: [
        "run_id", "cluster", "namespace", "name", "kind", "service_account", "identity", "layer",
        "dataplane", "dataplane_reason", "version", "application", "labels", "annotations",
        "replicas", "uses_host_network", "location_id",
      ])
    let containers = try RowWriter(
      connection, table: "workload_containers",
      columns: ["workload_id", "name", "image", "run_as_user", "is_init", "location_id"])
    for fact in facts.workloads {
      let workload = fact.workload
      let id = try writer.insert([
        runID, workload.id.cluster, workload.id.namespace, workload.id.name, workload.kind,
        workload.hasServiceAccount ? workload.serviceAccount : "", fact.principal,
        fact.layer.rawValue, fact.dataplane.rawValue,
        fact.dataplaneReason, workload.version, workload.application,
        JSONText.object(workload.podLabels), JSONText.object(workload.template.annotations),
        workload.replicas, workload.template.usesHostNetwork, try locations.id(workload.location),
      ])
      ids.workloads[workload.id] = id
      for (list, isInit) in [
        (workload.template.containers, false), (workload.template.initContainers, true),
      ] {
        for container in list {
          try containers.insert([
            id, container.name, container.image, container.runAsUser, isInit,
            try locations.id(container.location),
          ])
        }
      }
    }
  }

  private static func writeServiceAccounts(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let writer = try RowWriter(
      connection, table: "service_accounts",
      columns: ["run_id", "namespace", "name", "is_declared", "location_id"])
    var seen: Set<String> = []
    for account in facts.inventory.kubernetes.serviceAccounts
    where seen.insert("\(account.namespace)/\(account.name)").inserted {
      try writer.insert([
        runID, account.namespace, account.name, true, try locations.id(account.location),
      ])
    }
    for fact in facts.workloads where fact.workload.hasServiceAccount {
      let (namespace, name) = (fact.workload.id.namespace, fact.workload.serviceAccount)
      if seen.insert("\(namespace)/\(name)").inserted {
        try writer.insert([
          runID, namespace, name, false, try locations.id(fact.workload.location),
        ])
      }
    }
  }

  private static func writePorts(
    _ facts: RunFacts, _ connection: Database, locations: LocationWriter, ids: ConfigurationIDs
  ) throws {
    let writer = try RowWriter(
      connection, table: "workload_ports",
      columns: [
        "workload_id", "port", "name", "protocol", "mtls_mode", "mtls_decided_by", "location_id",
      ])
    for port in facts.ports {
      guard let workload = ids.workloads[port.workload] else { continue }
      try writer.insert([
        workload, port.port, port.name, port.protocolName, port.mtlsMode.rawValue,
        port.mtlsDecidedBy, try locations.id(port.location),
      ])
    }
  }

  private static func writeTelemetry(
    _ facts: RunFacts, _ connection: Database, locations: LocationWriter, ids: ConfigurationIDs
  ) throws {
    let writer = try RowWriter(
      connection, table: "workload_telemetry_facts",
      columns: [
        "workload_id", "has_access_log", "access_log_encoding", "access_log_format",
        "access_log_filter", "access_log_decided_by", "logs_peer_identity", "logs_request_path",
        "has_tracing", "tracing_sampling", "access_log_sink", "has_client_log",
        "client_log_filter", "client_log_decided_by", "location_id",
      ])
    var dataplanes: [WorkloadID: Dataplane] = [:]
    for fact in facts.workloads { dataplanes[fact.workload.id] = fact.dataplane }
    for fact in facts.telemetry {
      guard let workload = ids.workloads[fact.workload] else { continue }
      let format = fact.logFormat
      let dataplane = dataplanes[fact.workload]
      let isLogged = fact.hasServerLog == true
      try writer.insert([
        workload, fact.hasServerLog, fact.logEncoding?.lowercased(), format, fact.logFilter,
        fact.logDecidedBy,
        isLogged ? LogFormatFacts.hasPeerIdentity(format, by: dataplane) : nil,
        isLogged ? LogFormatFacts.hasRequestPath(format, by: dataplane) : nil,
        // Its proxy exports spans where an extension says so, which manifests do not show.
        dataplane == .linkerd ? nil : fact.isTraced,
        fact.samplingPercentage, fact.logSink, fact.hasClientLog, fact.clientLogFilter,
        fact.clientLogDecidedBy, try locations.id(fact.location),
      ])
    }
  }
}

/// What a log carries.
///
/// Linkerd's formats both have `client.id` and the URI as it was received, which policy is evaluated
/// on (linkerd2-proxy v2.366.0, http/access-log); ztunnel's lines have `src.identity` and no requests
/// (ztunnel src/proxy/metrics.rs).
///
/// Istio's default formats, text and JSON, carry neither (Istio
/// pilot/pkg/model/telemetry_logging.go).
enum LogFormatFacts {
  /// A peer identity that the proxy verified, or the certificate header that it wrote itself.
  static func hasPeerIdentity(_ format: String?, by dataplane: Dataplane?) -> Bool {
    if dataplane == .linkerd || dataplane == .ambient { return true }
    guard let format else { return false }
    return [
      "%DOWNSTREAM_PEER_URI_SAN%", "io.istio.peer_principal", "X-FORWARDED-CLIENT-CERT",
      "x-forwarded-client-cert",
    ].contains { format.contains($0) }
  }

  /// The `:path` that policy was evaluated on; `X-ENVOY-ORIGINAL-PATH?:PATH` prefers a header that the
  /// caller can set.
  static func hasRequestPath(_ format: String?, by dataplane: Dataplane?) -> Bool {
    if dataplane == .linkerd { return true }
    guard let format else { return false }
    return format.contains("REQ(:PATH)") || format.contains("REQUEST_HEADER(:PATH)")
  }
}
