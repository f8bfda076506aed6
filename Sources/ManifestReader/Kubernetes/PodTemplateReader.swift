import DocumentReader
import MeshModel

/// Reads a pod template, or the same fields of a Pod.
enum PodTemplateReader {
  /// - Parameters:
  ///   - metadata: the `metadata` of the template; labels and annotations are read from it.
  ///   - spec: the pod spec.
  static func template(metadata: FieldReader?, spec: FieldReader) -> PodTemplate {
    PodTemplate(
      labels: metadata?.stringMap("labels") ?? [:],
      annotations: metadata?.stringMap("annotations") ?? [:],
      serviceAccountName: spec.string("serviceAccountName")?.value
        ?? spec.string("serviceAccount")?.value ?? "",
      containers: spec.objects("containers").map(container),
      initContainers: spec.objects("initContainers").map(container),
      usesHostNetwork: spec.bool("hostNetwork")?.value ?? false,
      runAsUser: spec.object("securityContext")?.int("runAsUser")?.value,
      location: spec.location)
  }

  private static func container(_ fields: FieldReader) -> Container {
    var environment: [String: String?] = [:]
    for variable in fields.objects("env") {
      guard let name = variable.string("name")?.value else { continue }
      environment[name] = .some(variable.raw("value")?.scalar?.text)
    }
    return Container(
      name: fields.string("name")?.value ?? "",
      image: fields.string("image")?.value ?? "",
      ports: fields.objects("ports").compactMap(port),
      probes: ["livenessProbe", "readinessProbe", "startupProbe"].compactMap {
        fields.object($0).flatMap(probe)
      },
      environment: environment,
      arguments: (fields.strings("command") + fields.strings("args")).map(\.value),
      runAsUser: fields.object("securityContext")?.int("runAsUser")?.value,
      isNativeSidecar: fields.string("restartPolicy")?.value == "Always",
      location: fields.location)
  }

  private static func port(_ fields: FieldReader) -> ContainerPort? {
    guard let number = fields.int("containerPort") else { return nil }
    return ContainerPort(
      name: fields.string("name")?.value, number: number.value,
      transport: fields.string("protocol").flatMap { TransportProtocol(rawValue: $0.value) }
        ?? .tcp,
      location: number.location)
  }

  private static func probe(_ fields: FieldReader) -> ContainerProbe? {
    if let http = fields.object("httpGet"), let port = http.intOrString("port") {
      return ContainerProbe(
        action: .http(path: http.string("path")?.value ?? "/"), port: port.value)
    }
    if let grpc = fields.object("grpc"), let port = grpc.intOrString("port") {
      return ContainerProbe(action: .grpc, port: port.value)
    }
    if let tcp = fields.object("tcpSocket"), let port = tcp.intOrString("port") {
      return ContainerProbe(action: .tcp, port: port.value)
    }
    return nil
  }
}
