import DocumentReader
import MeshModel

/// Finds out where log collectors write to, from the configuration in a ConfigMap or an
/// OpenTelemetryCollector.
///
/// A collector is known by what its configuration looks like. What is read is the kind of each output and
/// its host or bucket; users, passwords and queries in addresses are left out.
enum LogCollectorReader {
  /// The sinks of a ConfigMap's texts; none when it configures no collector that is known here.
  static func sinks(of data: [String: Located<String>], metadata: ResourceMetadata) -> [LogSink] {
    data.sorted { $0.key < $1.key }.flatMap { _, text in
      outputs(of: text.value).map { output in
        LogSink(
          collector: output.collector, namespace: metadata.namespace, name: metadata.name,
          kind: output.kind, address: output.address, location: text.location)
      }
    }
  }

  /// The sinks of an OpenTelemetryCollector, whose configuration is an object or, in `v1alpha1`, a text.
  static func sinks(ofCollector spec: DocumentNode, metadata: ResourceMetadata) -> [LogSink] {
    guard let config = spec["config"] else { return [] }
    let outputs =
      config.string.map(outputs(of:)) ?? OpenTelemetryCollectorOutputs.outputs(of: config)
    return outputs.map { output in
      LogSink(
        collector: output.collector, namespace: metadata.namespace, name: metadata.name,
        kind: output.kind, address: output.address, location: config.location)
    }
  }

  private static func outputs(of text: String) -> [CollectorOutput] {
    let classic = FluentBitOutputs.outputs(ofClassic: text)
    guard classic.isEmpty else { return classic }
    let tables = VectorOutputs.outputs(ofTables: text)
    guard tables.isEmpty else { return tables }
    guard ["exporters:", "outputs:", "sinks:", "clients:"].contains(where: text.contains) else {
      return []
    }
    // What is no YAML is no collector's configuration; the ConfigMap itself is read elsewhere.
    let documents = YAMLDocuments.read(text, path: "", into: DiagnosticSink())
    return documents.flatMap { document in
      OpenTelemetryCollectorOutputs.outputs(of: document)
        + FluentBitOutputs.outputs(of: document) + VectorOutputs.outputs(of: document)
        + PromtailOutputs.outputs(of: document)
    }
  }
}

/// An output of a collector.
struct CollectorOutput {
  var collector: String
  var kind: String
  var address: String?

  /// Host and port of a URL or of `host:port`; nil for what the environment fills in.
  static func address(_ text: String?) -> String? {
    guard let text, !text.contains("${"), !text.contains("{{") else { return nil }
    var rest = Substring(text)
    if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
    rest = rest.prefix { !"/?#".contains($0) }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    return rest.isEmpty ? nil : String(rest)
  }
}
