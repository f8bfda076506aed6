/// The metrics that are read, by name; everything else in a scrape is passed over.
///
/// Istio documentation, Istio Standard Metrics; Linkerd documentation, Proxy Metrics, and linkerd2-proxy
/// app/inbound/src/policy; Envoy documentation, Server statistics; Prometheus client libraries,
/// process metrics.
enum CounterCatalog {
  /// Counters that are calls.
  static let traffic: Set<String> = [
    "istio_requests_total", "istio_tcp_connections_opened_total", "inbound_http_authz_allow_total",
    "inbound_http_authz_deny_total", "inbound_tcp_authz_allow_total",
    "inbound_tcp_authz_deny_total", "response_total",
  ]

  /// Gauges in bytes.
  static let memory: Set<String> = [
    "envoy_server_memory_allocated", "envoy_server_memory_heap_size",
    "envoy_server_memory_physical_size", "process_resident_memory_bytes",
  ]

  /// Histograms in milliseconds, by the name of their buckets.
  static let latency: Set<String> = [
    "istio_request_duration_milliseconds_bucket", "response_latency_ms_bucket",
  ]

  static func isKnown(_ name: String) -> Bool {
    traffic.contains(name) || memory.contains(name) || latency.contains(name)
  }

  /// What decides of Linkerd's counters: policy counters count every inbound call that a response
  /// counter counts again.
  static let linkerdPolicy = "inbound_http_authz_"
}
