import AuditModel
import MeshModel

/// A selector of an entry, `type:value`, as SPIRE's Kubernetes attestor makes them (SPIRE v1.15.3,
/// doc/plugin_agent_workloadattestor_k8s.md).
struct RegistrationSelector {
  let text: String
  /// `ns`, `sa`, `pod-label`, …; nil for those of another attestor.
  let kind: String?
  let value: String

  init(_ text: String) {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    kind = parts.count == 3 && parts[0] == "k8s" ? String(parts[1]) : nil
    value = kind == nil ? "" : String(parts[2])
  }

  /// Whether the pods of a workload have it; any other selector of the entry must fit, too.
  ///
  /// - Parameter namespaceLabels: nil where no input holds the Namespace.
  func matches(_ subject: RegistrationSubject, namespaceLabels: [String: String]?) -> SelectorMatch
  {
    let workload = subject.fact.workload
    switch kind {
    case "ns": return SelectorMatch(workload.id.namespace == value)
    case "sa": return SelectorMatch(workload.serviceAccount == value)
    case "ns-label":
      guard let namespaceLabels else {
        return .unknown("no input holds the Namespace \(workload.id.namespace)")
      }
      return SelectorMatch(namespaceLabels[pair.key] == pair.value)
    case "pod-label":
      return subject.label(pair.key).map { SelectorMatch($0, is: pair.value) } ?? .no
    case "pod-uid": return SelectorMatch(subject.uid, is: value)
    case "pod-name": return podName(subject)
    case "node-name": return SelectorMatch(subject.nodeName, is: value)
    case "pod-owner": return owner(of: workload)
    case "container-name": return container(of: subject.fact)
    case "container-image", "pod-image":
      return image(among: workload.template.containers + workload.template.initContainers)
    case "pod-init-image": return image(among: workload.template.initContainers)
    default: return .unknown("manifests do not tell \"\(text)\"")
    }
  }

  private var pair: (key: String, value: String) {
    let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }

  private func podName(_ subject: RegistrationSubject) -> SelectorMatch {
    let match = SelectorMatch(subject.name, is: value)
    // The pods of a controller carry its name before their own part.
    if case .unknown = match, !value.hasPrefix("\(subject.fact.workload.id.name)-") { return .no }
    return match
  }

  /// `Kind:name` of what owns the pod: for a Deployment one of its ReplicaSets, for a CronJob one of
  /// its Jobs.
  private func owner(of workload: Workload) -> SelectorMatch {
    let (kind, name) = pair
    let between = ["Deployment": "ReplicaSet", "CronJob": "Job"][workload.kind]
    guard let between else {
      return SelectorMatch(
        workload.kind != "Pod" && kind == workload.kind && name == workload.id.name)
    }
    guard kind == between, name.hasPrefix("\(workload.id.name)-") else { return .no }
    return .unknown("the \(between)s of \(workload.kind) \(workload.id) are not looked at")
  }

  /// Admission adds the meshes' proxies to what a template shows.
  private func container(of fact: WorkloadFact) -> SelectorMatch {
    let template = fact.workload.template
    let isInjected =
      value == "istio-proxy" && (fact.dataplane == .sidecar || fact.dataplane == .gateway)
      || value == "linkerd-proxy" && fact.dataplane == .linkerd
    return SelectorMatch(
      isInjected || (template.containers + template.initContainers).contains { $0.name == value })
  }

  /// The kubelet may report another name or a digest of the same image (SPIRE, Image selector
  /// limitations), so that no name is ruled out.
  private func image(among containers: [Container]) -> SelectorMatch {
    let isNamed = containers.contains { container in
      !container.image.isEmpty
        && (container.image == value || value.hasSuffix("/\(container.image)"))
    }
    return isNamed ? .yes : .unknown("the images that the kubelet reports are not known")
  }
}
