import DocumentReader

/// Exporters of an OpenTelemetry Collector that a pipeline of logs uses (OpenTelemetry documentation,
/// Collector › Configuration: an exporter outside every pipeline is not enabled).
enum OpenTelemetryCollectorOutputs {
  /// Exporters that keep nothing, and what only joins pipelines.
  private static let keepsNothing: Set<String> = ["debug", "logging", "nop"]

  static func outputs(of document: DocumentNode) -> [CollectorOutput] {
    guard let exporters = document["exporters"], let pipelines = document["service"]?["pipelines"]
    else { return [] }
    let used = (pipelines.entries ?? []).filter { $0.key == "logs" || $0.key.hasPrefix("logs/") }
      .flatMap { $0.value["exporters"]?.items ?? [] }.compactMap { $0.scalar?.text }
    return Set(used).sorted().compactMap { name in
      // `otlp/backup` is an exporter of the type `otlp`.
      let kind = String(name.prefix { $0 != "/" })
      guard !keepsNothing.contains(kind), let exporter = exporters[name] else { return nil }
      return CollectorOutput(
        collector: "opentelemetry-collector", kind: kind, address: address(of: exporter))
    }
  }

  private static func address(of exporter: DocumentNode) -> String? {
    if let bucket = exporter["s3uploader"]?["s3_bucket"]?.scalar?.text {
      return bucket.contains("${") ? nil : bucket
    }
    let endpoint =
      exporter["endpoint"] ?? exporter["logs_endpoint"] ?? exporter["endpoints"]?.items?.first
      ?? exporter["brokers"]?.items?.first
    return CollectorOutput.address(endpoint?.scalar?.text)
  }
}
