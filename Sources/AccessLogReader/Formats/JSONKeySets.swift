/// The keys of JSON access logs that are known without being declared.
enum JSONKeySets {
  /// Istio's default JSON format (Istio pilot/pkg/model/telemetry_logging.go
  /// `EnvoyJSONLogFormatIstio`); `istio_policy_status` until 1.8.
  static let istio: [(String, FieldMeaning, LogField)] = [
    ("start_time", .time, .method), ("method", .field, .method), ("path", .field, .loggedPath),
    ("protocol", .field, .protocolName), ("response_code", .code, .method),
    ("response_flags", .field, .flags), ("response_code_details", .field, .details),
    ("connection_termination_details", .field, .termination),
    ("bytes_received", .bytesReceived, .method), ("bytes_sent", .bytesSent, .method),
    ("duration", .duration, .method), ("authority", .field, .authority),
    ("upstream_host", .field, .upstreamHost), ("upstream_cluster", .field, .cluster),
    ("downstream_local_address", .field, .localAddress),
    ("downstream_remote_address", .field, .remoteAddress),
    ("requested_server_name", .field, .sni), ("upstream_service_time", .unused, .method),
    ("x_forwarded_for", .unused, .method), ("user_agent", .unused, .method),
    ("request_id", .field, .requestID),
    ("upstream_local_address", .field, .upstreamLocalAddress),
    ("upstream_transport_failure_reason", .unused, .method), ("route_name", .unused, .method),
    ("istio_policy_status", .unused, .method),
  ]

  /// linkerd2-proxy's `access-log: json` (spec access-logs 6).
  static let linkerd: [(String, FieldMeaning, LogField)] = [
    ("client.addr", .field, .remoteAddress), ("client.id", .field, .peerSAN),
    ("host", .field, .authority), ("method", .field, .method), ("processing_ns", .unused, .method),
    ("request_bytes", .bytesReceived, .method), ("response_bytes", .bytesSent, .method),
    ("status", .code, .method), ("timestamp", .time, .method),
    ("total_ns", .durationNanoseconds, .method), ("trace_id", .unused, .method),
    ("uri", .field, .path), ("user_agent", .unused, .method), ("version", .field, .protocolName),
  ]

  static func table(_ keys: [(String, FieldMeaning, LogField)]) -> JSONKeyTable {
    let table = JSONKeyTable()
    for (key, meaning, field) in keys { table.add(key, meaning, field) }
    return table
  }

  /// The table of a declared format.
  static func table(_ operators: [String: EnvoyOperator]) -> JSONKeyTable {
    let table = JSONKeyTable()
    for (key, value) in operators.sorted(by: { $0.key < $1.key }) {
      table.add(key, value.meaning, value.field)
    }
    return table
  }
}
