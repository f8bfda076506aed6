import AuditModel
import LinkerdPolicy
import MeshModel

extension WorkloadFact {
  /// A workload outside the cluster that runs a proxy of Linkerd's: an end of calls like any other, but no
  /// pod, so that nothing of Kubernetes is true of it.
  init(_ external: LinkerdExternalWorkload) {
    let metadata = external.metadata
    let machine = Container(
      name: "machine",
      ports: external.ports.map {
        ContainerPort(
          name: $0.name, number: $0.number, transport: $0.transport, location: metadata.location)
      }, location: metadata.location)
    let workload = Workload(
      id: WorkloadID(namespace: external.namespace, name: external.name),
      kind: "ExternalWorkload",
      template: PodTemplate(
        labels: metadata.labels, annotations: metadata.annotations, containers: [machine],
        location: metadata.location),
      labels: metadata.labels, annotations: metadata.annotations,
      instances: [PodInstance(name: external.name, addresses: external.addresses)],
      creationTimestamp: metadata.creationTimestamp, location: metadata.location)
    self.init(
      workload: workload, dataplane: .linkerd,
      dataplaneReason: "an ExternalWorkload runs a proxy of its own",
      principal: external.identity?.value, layer: .linkerd)
  }
}

extension AccessPlace {
  convenience init(external fact: WorkloadFact, linkerd: LinkerdMesh) {
    self.init(
      workload: fact.workload.id, layer: fact.layer, dataplane: fact.dataplane,
      dataplaneReason: fact.dataplaneReason, principal: fact.principal,
      linkerd: linkerd.pod(of: fact.workload.id),
      outsideAddress: fact.workload.instances.lazy.flatMap(\.addresses)
        .compactMap { IPAddress($0) }.first)
  }
}
