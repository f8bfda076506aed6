/// Decoders of the Kubernetes kinds that give workloads their shape.
enum KubernetesDecoders {
  static let all: [any ResourceDecoder.Type] = [
    ConfigMapDecoder.self, NamespaceDecoder.self, PodControllerDecoder.self,
    OpenTelemetryCollectorDecoder.self,
    PodDecoder.self, SecretDecoder.self, ServiceAccountDecoder.self, ServiceDecoder.self,
  ]
}
