package import AuditModel
package import MeshModel

/// Joins the systems of a register to the workloads of a mesh.
///
/// A workload belongs to a system when one of its selectors holds (the fields of a selector all
/// hold together), or when its pods carry the label `meshaudit.dev/ai-system` with the system's id.
/// It may belong to several systems: a model server that two systems share is part of both.
package struct RegisterJoin: Sendable {
  /// A workload as the join sees it.
  package struct Candidate: Sendable {
    package var id: WorkloadID
    /// Labels of its pods.
    package var labels: [String: String]
    /// Its SPIFFE ID or Linkerd name; nil when it has none.
    package var identity: String?

    package init(id: WorkloadID, labels: [String: String] = [:], identity: String? = nil) {
      self.id = id
      self.labels = labels
      self.identity = identity
    }
  }

  /// One workload of one system.
  package struct Link: Sendable, Hashable {
    package var systemID: String
    package var workload: WorkloadID
    /// `agent`, `model`, … as the selector says it; the first selector that says one counts.
    package var kind: String?
    /// The selector, or the system when the label made the link.
    package var location: SourceLocation
  }

  /// The label on pods that names their system.
  package static let label = "meshaudit.dev/ai-system"

  /// Sorted by system, then by workload; one for each pair.
  package let links: [Link]
  /// Selectors without a workload, and labels that name no system.
  package let diagnostics: [Diagnostic]
  private let byWorkload: [WorkloadID: [String]]

  /// Cost: selectors times workloads of the namespace they name (all workloads for those that name
  /// none).
  package init(_ register: AIRegister, workloads: [Candidate]) {
    let workloads = workloads.sorted { $0.id < $1.id }
    var builder = RegisterJoinBuilder(workloads: workloads)
    for system in register.systems { builder.add(system) }
    builder.checkLabels(of: workloads, systems: Set(register.systems.map(\.id)))
    links = builder.links.values.sorted {
      ($0.systemID, $0.workload) < ($1.systemID, $1.workload)
    }
    diagnostics = builder.diagnostics
    byWorkload = Dictionary(grouping: links, by: \.workload).mapValues { $0.map(\.systemID) }
  }

  /// The ids of the systems of a workload, sorted.
  package func systems(of workload: WorkloadID) -> [String] { byWorkload[workload] ?? [] }

  /// The links of a system, by workload.
  package func links(of systemID: String) -> [Link] { links.filter { $0.systemID == systemID } }
}

private struct RegisterJoinBuilder {
  struct Key: Hashable {
    var systemID: String
    var workload: WorkloadID
  }

  private(set) var links: [Key: RegisterJoin.Link] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private let workloads: [RegisterJoin.Candidate]
  private let byNamespace: [String: [RegisterJoin.Candidate]]
  private let byLabel: [String: [RegisterJoin.Candidate]]
  private let clusters: Set<String>

  init(workloads: [RegisterJoin.Candidate]) {
    self.workloads = workloads
    byNamespace = Dictionary(grouping: workloads, by: \.id.namespace)
    byLabel = Dictionary(grouping: workloads, by: { $0.labels[RegisterJoin.label] ?? "" })
    clusters = Set(workloads.map(\.id.cluster))
  }

  mutating func add(_ system: AISystem) {
    for selector in system.workloads {
      let pool = selector.namespace.map { byNamespace[$0] ?? [] } ?? workloads
      let matched = pool.filter { selector.selects($0) }
      for workload in matched {
        link(system, workload, kind: selector.kind, at: selector.location)
      }
      if matched.isEmpty { reportUnmatched(selector, of: system) }
    }
    for workload in byLabel[system.id] ?? [] {
      link(system, workload, kind: nil, at: system.location)
    }
  }

  mutating func checkLabels(of workloads: [RegisterJoin.Candidate], systems: Set<String>) {
    for workload in workloads {
      guard let id = workload.labels[RegisterJoin.label], !systems.contains(id) else { continue }
      diagnostics.append(
        Diagnostic(
          code: "unknown-ai-system", severity: .warning,
          message:
            "workload \"\(workload.id)\" has the label \(RegisterJoin.label)=\"\(id.prefix(80))\", "
            + "and the register has no such system",
          hint: "add the system to the register, or correct the label"))
    }
  }

  private mutating func link(
    _ system: AISystem, _ workload: RegisterJoin.Candidate, kind: String?,
    at location: SourceLocation
  ) {
    let key = Key(systemID: system.id, workload: workload.id)
    if let known = links[key] {
      if known.kind == nil { links[key]?.kind = kind }
      return
    }
    links[key] = RegisterJoin.Link(
      systemID: system.id, workload: workload.id, kind: kind, location: location)
  }

  /// A system that is not in operation need not have workloads; a selector of another cluster
  /// cannot have any here.
  private mutating func reportUnmatched(_ selector: AISystem.WorkloadSelector, of system: AISystem)
  {
    switch system.status {
    case .planned, .withdrawn, .recalled: return
    case .onMarket, .inService: break
    }
    let isElsewhere = selector.cluster.map { !clusters.contains($0) } ?? false
    let hint: String
    if isElsewhere {
      let known = clusters.filter { !$0.isEmpty }.sorted().map { "\"\($0)\"" }
      hint =
        known.isEmpty
        ? "the inputs name no cluster; give it with --cluster"
        : "the inputs are of \(known.joined(separator: ", "))"
    } else if workloads.isEmpty {
      hint = "no workloads were read; give the manifests of the mesh"
    } else {
      hint = "compare it with the labels and identities of the pods"
    }
    diagnostics.append(
      Diagnostic(
        code: isElsewhere ? "selector-elsewhere" : "selector-unmatched",
        severity: isElsewhere ? .note : .warning,
        message: "\(selector.text) of system \"\(system.id)\" selects no workload",
        location: selector.location, hint: hint))
  }
}

extension AISystem.WorkloadSelector {
  /// Whether all fields that are set hold for the workload.
  package func selects(_ workload: RegisterJoin.Candidate) -> Bool {
    if let cluster, cluster != workload.id.cluster { return false }
    if let namespace, namespace != workload.id.namespace { return false }
    guard labels.allSatisfy({ workload.labels[$0.key] == $0.value }) else { return false }
    guard let spiffe else { return true }
    return workload.identity.map { SPIFFEPattern.matches(spiffe, $0) } ?? false
  }

  /// The selector as messages name it.
  fileprivate var text: String {
    var parts: [String] = []
    if let cluster { parts.append("cluster=\(cluster)") }
    if let namespace { parts.append("namespace=\(namespace)") }
    parts += labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if let spiffe { parts.append(spiffe) }
    return "selector \"\(parts.joined(separator: ", "))\""
  }
}
