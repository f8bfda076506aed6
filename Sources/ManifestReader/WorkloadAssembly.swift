import MeshModel

/// Makes workloads out of controllers and pods: each goes by its top owner.
enum WorkloadAssembly {
  static func workloads(from controllers: [PodController]) -> [Workload] {
    var byKey: [Key: Int] = [:]
    for (index, controller) in controllers.enumerated() where controller.instance == nil {
      byKey[Key(controller)] = index
    }
    var workloads: [Key: Workload] = [:]
    // Controllers first, so that a pod joins the workload of its controller whatever the file order.
    let ordered =
      controllers.filter { $0.instance == nil } + controllers.filter { $0.instance != nil }
    for controller in ordered {
      let top = topOwner(of: controller, in: controllers, byKey: byKey)
      let key = Key(
        namespace: controller.metadata.namespace, kind: top.kind, name: top.name)
      if workloads[key] == nil {
        let source = byKey[key].map { controllers[$0] } ?? controller
        workloads[key] = Workload(
          id: WorkloadID(namespace: key.namespace, name: key.name), kind: key.kind,
          template: source.template,
          labels: source.metadata.labels, annotations: source.metadata.annotations,
          replicas: source.replicas, creationTimestamp: source.metadata.creationTimestamp,
          location: source.metadata.location)
      }
      if let instance = controller.instance {
        workloads[key]?.instances.append(instance)
        if byKey[key] == nil || hasInjectedProxy(controller.template) {
          let template = workloads[key]?.template
          workloads[key]?.template = merged(template, with: controller.template)
        }
      }
    }
    return workloads.values.sorted { ($0.id, $0.kind) < ($1.id, $1.kind) }
  }

  private struct Key: Hashable {
    var namespace: String
    var kind: String
    var name: String

    init(namespace: String, kind: String, name: String) {
      self.namespace = namespace
      self.kind = kind
      self.name = name
    }

    init(_ controller: PodController) {
      self.init(
        namespace: controller.metadata.namespace, kind: controller.metadata.reference.kind.kind,
        name: controller.metadata.name)
    }
  }

  /// Follows `ownerReferences` upwards; an owner that no manifest holds still gives its name.
  ///
  /// A ReplicaSet that no manifest holds is taken as a Deployment's when its name ends in the pods'
  /// `pod-template-hash`.
  private static func topOwner(
    of controller: PodController, in controllers: [PodController], byKey: [Key: Int]
  ) -> (kind: String, name: String) {
    var current = controller
    for _ in 0..<8 {
      guard let owner = current.owner else { break }
      let key = Key(namespace: current.metadata.namespace, kind: owner.kind, name: owner.name)
      guard let index = byKey[key] else {
        if owner.kind == "ReplicaSet", let hash = current.template.labels["pod-template-hash"],
          owner.name.hasSuffix("-\(hash)")
        {
          return ("Deployment", String(owner.name.dropLast(hash.utf8.count + 1)))
        }
        return (owner.kind, owner.name)
      }
      current = controllers[index]
    }
    return (current.metadata.reference.kind.kind, current.metadata.name)
  }

  private static func hasInjectedProxy(_ template: PodTemplate) -> Bool {
    (template.containers + template.initContainers).contains {
      $0.name == "istio-proxy" || $0.name == "linkerd-proxy"
    }
  }

  /// A running pod shows what admission made of the template: its labels, annotations and containers
  /// count, the place of the template stays.
  private static func merged(_ template: PodTemplate?, with live: PodTemplate) -> PodTemplate {
    guard let template else { return live }
    var result = live
    result.location = template.location
    return result
  }
}
