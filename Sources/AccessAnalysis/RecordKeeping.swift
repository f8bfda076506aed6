import KubernetesPolicy
package import MeshModel

extension AccessModel {
  /// Where log collectors write to, and where the meshes' own providers do, in the order of the inputs.
  package func logSinks() -> [LogSinkFact] {
    let providers = inventory.istio.meshConfigs.flatMap { config in
      config.extensionProviders.compactMap { provider -> LogSink? in
        guard let kind = provider.kind, let service = provider.service?.value else { return nil }
        switch kind {
        case .httpAccessLogService, .tcpAccessLogService, .openTelemetryLogs: break
        default: return nil
        }
        return LogSink(
          collector: kind.rawValue, namespace: config.controlPlaneNamespace ?? "",
          name: provider.name.value, kind: "access-log-service",
          address: provider.port.map { "\(service):\($0)" } ?? service,
          location: provider.location)
      }
    }
    let names = Set(
      inventory.kubernetes.services.map {
        LogSinkFact.ServiceName(namespace: $0.namespace, name: $0.name)
      })
    return (inventory.kubernetes.logSinks + providers).map { sink in
      let place = LogSinkPlace(sink)
      let service = place.service.flatMap { names.contains($0) ? $0 : nil }
      return LogSinkFact(
        sink: sink, isInCluster: service != nil ? true : place.isInCluster, service: service)
    }
  }

  /// What accounts may do with the objects of the cluster.
  package func roleGrants() -> [RoleGrantFact] { RoleGrants.facts(of: inventory.resources) }
}

/// Where the address of a sink lies, by its name alone.
private struct LogSinkPlace {
  var isInCluster: Bool?
  var service: LogSinkFact.ServiceName?

  /// Stores of cloud providers and vendors, which have no host in the configuration.
  private static let hosted: Set<String> = [
    "s3", "aws_s3", "awss3", "gcs", "gcp_cloud_storage", "azure_blob", "azureblob", "azure",
    "cloudwatch_logs", "aws_cloudwatch_logs", "awscloudwatchlogs", "kinesis_firehose",
    "kinesis_streams", "aws_kinesis_firehose", "aws_kinesis_streams", "awskinesis", "stackdriver",
    "gcp_stackdriver_logs", "googlecloud", "azure_logs_ingestion", "azure_monitor_logs",
    "azuremonitor", "datadog", "datadog_logs", "new_relic", "nrlogs", "bigquery", "logzio",
  ]

  init(_ sink: LogSink) {
    guard let address = sink.address else {
      isInCluster = LogSinkPlace.hosted.contains(sink.kind) ? false : nil
      return
    }
    // An Istio provider may name a service as namespace/host.
    let name = address.split(separator: "/").last.map(String.init) ?? address
    let host = LogSinkPlace.host(name)
    let parts = host.split(separator: ".").map(String.init)
    if host.utf8.allSatisfy({ "0123456789.:[]".utf8.contains($0) }) || host == "localhost" {
      isInCluster = host == "localhost" || host.hasPrefix("127.") ? true : nil
    } else if parts.count == 1 {
      // A bucket has no dots either; a host without any is one of the own namespace (Kubernetes
      // documentation, DNS for Services and Pods).
      isInCluster = !LogSinkPlace.hosted.contains(sink.kind)
      service = .init(namespace: sink.namespace, name: parts[0])
    } else {
      service = .init(namespace: parts[1], name: parts[0])
      let isClusterName = parts.count > 2 ? parts[2] == "svc" : false
      isInCluster = isClusterName || host.hasSuffix(".cluster.local")
    }
  }

  private static func host(_ address: String) -> String {
    guard let colon = address.lastIndex(of: ":"), address.firstIndex(of: ":") == colon else {
      return address
    }
    return String(address[..<colon])
  }
}
