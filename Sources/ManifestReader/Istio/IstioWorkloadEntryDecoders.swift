import DocumentReader
import MeshModel

/// Reads Istio `WorkloadEntry`: a workload outside Kubernetes that carries a sidecar of its own.
enum IstioWorkloadEntryDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("WorkloadEntry")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let address = object.spec.string("address")?.value
    let instance = PodInstance(name: object.metadata.name, addresses: address.map { [$0] } ?? [])
    contents.inventory.workloads.append(
      IstioMachine.workload(
        object, kind: "WorkloadEntry", labels: object.spec.stringMap("labels"), annotations: [:],
        entry: object.spec, instances: [instance]))
    object.spec.ignore("network", "locality", "weight")
    object.spec.reportUnknownFields()
  }
}

/// Reads Istio `WorkloadGroup`: the template of workload entries that register themselves.
enum IstioWorkloadGroupDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("WorkloadGroup")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let metadata = object.spec.object("metadata")
    let template = object.spec.object("template")
    object.spec.ignore("probe")
    object.spec.reportUnknownFields()
    guard let template else {
      object.spec.problem(
        "missing-template", "\(object.metadata.reference.text) has no template",
        at: object.metadata.location, hint: "its workloads are not part of the audit")
      return
    }
    var labels = template.stringMap("labels")
    labels.merge(metadata?.stringMap("labels") ?? [:]) { _, new in new }
    contents.inventory.workloads.append(
      IstioMachine.workload(
        object, kind: "WorkloadGroup", labels: labels,
        annotations: metadata?.stringMap("annotations") ?? [:], entry: template, instances: []))
  }
}

/// Makes a workload of what WorkloadEntry and WorkloadGroup share.
enum IstioMachine {
  static func workload(
    _ object: ResourceObject, kind: String, labels: [String: String],
    annotations: [String: String], entry: FieldReader, instances: [PodInstance]
  ) -> Workload {
    let ports = entry.object("ports").map { ports in
      ports.names.compactMap { name in
        ports.int(name).map { ContainerPort(name: name, number: $0.value, location: $0.location) }
      }
    }
    let container = Container(name: "machine", ports: ports ?? [], location: entry.location)
    return Workload(
      id: WorkloadID(namespace: object.metadata.namespace, name: object.metadata.name),
      kind: kind,
      template: PodTemplate(
        labels: labels, annotations: annotations,
        serviceAccountName: entry.string("serviceAccount")?.value ?? "",
        containers: [container], location: entry.location),
      labels: object.metadata.labels, annotations: object.metadata.annotations,
      instances: instances, creationTimestamp: object.metadata.creationTimestamp,
      location: object.metadata.location)
  }
}
