/// A place that a log collector writes to, by its own configuration.
package struct LogSink: Hashable, Sendable {
  /// `fluent-bit`, `opentelemetry-collector`, `vector`, `promtail`, or the kind of a mesh's provider.
  package var collector: String
  /// The ConfigMap or the resource that holds the configuration, or the provider.
  package var namespace: String
  package var name: String
  /// What is written to, in the collector's own words, such as `s3`, `loki` or `otlp`.
  package var kind: String
  /// Host and port, or the name of a bucket, without credentials; nil when the configuration leaves it to
  /// the environment or to a default.
  package var address: String?
  package var location: SourceLocation

  package init(
    collector: String, namespace: String, name: String, kind: String, address: String?,
    location: SourceLocation
  ) {
    self.collector = collector
    self.namespace = namespace
    self.name = name
    self.kind = kind
    self.address = address
    self.location = location
  }
}

/// A sink, and where it lies as seen from the cluster.
package struct LogSinkFact: Hashable, Sendable {
  package var sink: LogSink
  /// Nil when the configuration does not tell.
  package var isInCluster: Bool?
  /// The Service of the inputs that answers there.
  package var service: ServiceName?

  package struct ServiceName: Hashable, Sendable {
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
      self.namespace = namespace
      self.name = name
    }
  }

  package init(sink: LogSink, isInCluster: Bool?, service: ServiceName? = nil) {
    self.sink = sink
    self.isInCluster = isInCluster
    self.service = service
  }
}
