import AuditModel
import MeshModel

/// A pod as registrations see it: one that runs, or what its template says of all of them.
struct RegistrationSubject {
  let fact: WorkloadFact
  /// Nil where no export of running pods is among the inputs.
  let instance: PodInstance?

  /// Labels that controllers of Kubernetes give to pods, beyond the template (Kubernetes docs,
  /// Well-Known Labels).
  private static let labelsOfControllers: Set<String> = [
    "pod-template-hash", "controller-revision-hash", "pod-template-generation",
    "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index", "job-name", "controller-uid",
  ]

  static func all(of fact: WorkloadFact) -> [RegistrationSubject] {
    let instances = fact.workload.instances
    return instances.isEmpty
      ? [RegistrationSubject(fact: fact, instance: nil)]
      : instances.map { RegistrationSubject(fact: fact, instance: $0) }
  }

  var name: GoTemplate.Value {
    if let instance { return .text(instance.name) }
    return fact.workload.kind == "Pod"
      ? .text(fact.workload.id.name) : .unknown("no input tells the names of its pods")
  }

  var uid: GoTemplate.Value {
    instance?.uid.map { .text($0) } ?? .unknown("no input tells the UIDs of its pods")
  }

  var nodeName: GoTemplate.Value {
    instance?.nodeName.map { .text($0) } ?? .unknown("no input tells the nodes of its pods")
  }

  /// A label; an empty text stands for none.
  func label(_ key: String) -> GoTemplate.Value? {
    if let value = fact.workload.podLabels[key] { return .text(value) }
    guard instance == nil, RegistrationSubject.labelsOfControllers.contains(key) else { return nil }
    return .unknown("Kubernetes sets the label \"\(key)\" when a pod is made")
  }

  /// A value of a template (spire-controller-manager v0.6.6, pkg/spireentry/entries.go,
  /// `templateData`).
  func value(of piece: GoTemplate.Piece, controller: RegistrationController) -> GoTemplate.Value {
    switch piece {
    case .text(let text): return .text(text)
    case .entry(["PodMeta", "Labels"], let key): return label(key) ?? .text("")
    case .entry(["PodMeta", "Annotations"], let key):
      return fact.workload.template.annotations[key].map { .text($0) } ?? missing(key, or: "")
    case .entry(let path, _): return .unknown(".\(path.joined(separator: ".")) is not known")
    case .field(let path): return value(at: path, controller: controller)
    }
  }

  private func value(at path: [String], controller: RegistrationController) -> GoTemplate.Value {
    switch path {
    case ["TrustDomain"]: return controller.trustDomain
    case ["ClusterName"]: return controller.clusterName
    case ["ClusterDomain"]: return controller.clusterDomain
    case ["PodMeta", "Namespace"]: return .text(fact.workload.id.namespace)
    case ["PodMeta", "Name"]: return name
    case ["PodMeta", "UID"]: return uid
    case ["PodSpec", "ServiceAccountName"]: return .text(fact.workload.serviceAccount)
    case ["PodSpec", "NodeName"], ["NodeMeta", "Name"]: return nodeName
    case ["PodSpec", "HostNetwork"]:
      return .text(fact.workload.template.usesHostNetwork ? "true" : "false")
    default: break
    }
    // A map without the key gives "<no value>" (Go text/template, Option "missingkey").
    if path.count == 3, path[0] == "PodMeta", path[1] == "Labels" {
      return label(path[2]) ?? .text("<no value>")
    }
    if path.count == 3, path[0] == "PodMeta", path[1] == "Annotations" {
      return fact.workload.template.annotations[path[2]].map { .text($0) }
        ?? missing(path[2], or: "<no value>")
    }
    return .unknown(".\(path.joined(separator: ".")) is not among the inputs")
  }

  /// Admission may add annotations that a template does not show.
  private func missing(_ key: String, or absent: String) -> GoTemplate.Value {
    instance == nil
      ? .unknown("the template has no annotation \"\(key)\", and no input shows running pods")
      : .text(absent)
  }
}
