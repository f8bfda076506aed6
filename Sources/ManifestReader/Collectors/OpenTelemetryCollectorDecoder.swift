import DocumentReader
import MeshModel

/// Reads `opentelemetry.io OpenTelemetryCollector` of the OpenTelemetry Operator: where it writes logs to.
enum OpenTelemetryCollectorDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "opentelemetry.io", kind: "OpenTelemetryCollector")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    contents.inventory.kubernetes.logSinks += LogCollectorReader.sinks(
      ofCollector: object.spec.node, metadata: object.metadata)
  }
}
