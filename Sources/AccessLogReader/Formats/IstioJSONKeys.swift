/// The keys of Istio's default JSON format (Istio pilot/pkg/model/telemetry_logging.go
/// `EnvoyJSONLogFormatIstio`).
enum IstioJSONKeys {
  static let all: [(String, FieldMeaning, LogField)] = [
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
    ("request_id", .unused, .method), ("upstream_local_address", .unused, .method),
    ("upstream_transport_failure_reason", .unused, .method), ("route_name", .unused, .method),
  ]
}
