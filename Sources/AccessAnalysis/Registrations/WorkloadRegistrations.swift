import AuditModel
package import MeshModel

extension AccessModel {
  /// What SPIRE issues to which workload, by ClusterSPIFFEIDs, ClusterStaticEntries and the entries of
  /// servers; sorted by source, name and workload.
  ///
  /// What cannot be known from the inputs has a reason and is never guessed. Cost: each ClusterSPIFFEID
  /// asks every workload, an entry those of its namespace.
  package func registrations(entries: [SPIRERegistrationEntry]) -> [WorkloadRegistration] {
    let book = RegistrationBook(self, entries: entries)
    let found =
      book.ofClusterSPIFFEIDs(inventory.certificates.clusterSPIFFEIDs)
      + entries.flatMap { book.registrations(of: $0) }
    return found.sorted {
      ($0.source.rawValue, $0.name, $0.workload?.description ?? "", $0.spiffeID ?? "")
        < ($1.source.rawValue, $1.name, $1.workload?.description ?? "", $1.spiffeID ?? "")
    }
  }
}

/// The workloads as SPIRE would attest them.
struct RegistrationBook {
  let controller: RegistrationController
  let services: [Service]
  /// Pods by namespace, and those that run outside Kubernetes.
  let subjects: [[RegistrationSubject]]
  private let byNamespace: [String: [Int]]
  private let byUID: [String: Int]
  private let machines: [WorkloadFact]
  private let declaredNamespaces: [String: [String: String]]

  init(_ model: AccessModel, entries: [SPIRERegistrationEntry]) {
    let inventory = model.inventory
    controller = RegistrationController(
      inventory.certificates.spireControllers, entries: entries)
    services = inventory.kubernetes.services
    var namespaces: [String: [String: String]] = [:]
    for namespace in inventory.kubernetes.namespaces {
      namespaces[namespace.name] = namespace.labels
    }
    declaredNamespaces = namespaces
    machines = model.workloads.filter(\.workload.isMachine)
    subjects = model.workloads.lazy.filter { !$0.workload.isMachine }
      .map { RegistrationSubject.all(of: $0) }
    var byNamespace: [String: [Int]] = [:]
    var byUID: [String: Int] = [:]
    for (index, pods) in subjects.enumerated() {
      byNamespace[pods[0].fact.workload.id.namespace, default: []].append(index)
      for pod in pods {
        if let uid = pod.instance?.uid { byUID[uid] = index }
      }
    }
    self.byNamespace = byNamespace
    self.byUID = byUID
  }

  /// Nil where no input holds the Namespace.
  func labels(ofNamespace name: String) -> [String: String]? { declaredNamespaces[name] }
}

extension RegistrationBook {
  /// An entry's rows: one for each workload that has all of its selectors, or may have.
  func registrations(of entry: SPIRERegistrationEntry) -> [WorkloadRegistration] {
    // What hangs on the server itself names nodes (SPIRE docs, Registering workloads, node aliases).
    if SPIFFEID(entry.parentID)?.path == "/spire/server" { return [] }
    var row = WorkloadRegistration(
      source: entry.staticEntryName == nil ? .serverEntry : .staticEntry,
      name: entry.staticEntryName ?? entry.id, location: entry.location)
    row.spiffeID = entry.spiffeID
    row.selectors = entry.selectors
    row.dnsNames = entry.dnsNames.sorted()
    row.x509TTLSeconds = entry.x509TTLSeconds
    row.jwtTTLSeconds = entry.jwtTTLSeconds
    row.federatesWith = entry.federatesWith
    row.isAdmin = entry.isAdmin
    row.isDownstream = entry.isDownstream
    row.hint = entry.hint
    row.className = entry.className
    if entry.staticEntryName != nil, let reason = refusal(ofClass: entry.className) {
      row.reason = reason
      return [row]
    }
    let carriers = machines.filter { $0.principal == entry.spiffeID }.map { machine in
      var row = row
      row.workload = machine.workload.id
      return row
    }
    if !carriers.isEmpty { return carriers }
    let rows = candidates(entry.selectors).flatMap { index in
      self.row(row, for: subjects[index])
    }
    if !rows.isEmpty { return rows }
    row.reason = unresolved(entry.selectors)
    return [row]
  }

  /// Why the controller does not act on a resource of a class; nil where it does.
  ///
  /// Decision: and where its configuration is not among the inputs (docs/decisions/013).
  func refusal(ofClass name: String) -> String? {
    guard let configuration = controller.configuration,
      !configuration.actsOn(className: name)
    else { return nil }
    return "the controller acts on class \"\(configuration.className)\", and this is of class "
      + "\"\(name)\""
  }

  private func candidates(_ selectors: [String]) -> [Int] {
    let read = selectors.map { RegistrationSelector($0) }
    if let uid = read.first(where: { $0.kind == "pod-uid" }), let index = byUID[uid.value] {
      return [index]
    }
    if let namespace = read.first(where: { $0.kind == "ns" }) {
      return byNamespace[namespace.value] ?? []
    }
    return read.allSatisfy { $0.kind == nil } ? [] : Array(subjects.indices)
  }

  private func row(_ row: WorkloadRegistration, for pods: [RegistrationSubject])
    -> [WorkloadRegistration]
  {
    var row = row
    row.workload = pods[0].fact.workload.id
    var doubt: String?
    for pod in pods {
      let (match, isNarrowed) = match(row.selectors, pod)
      switch match {
      case .yes: return [row]
      case .no: continue
      case .unknown(let reason): if isNarrowed { doubt = doubt ?? reason }
      }
    }
    guard let doubt else { return [] }
    row.reason = doubt
    return [row]
  }

  /// Whether a pod has all selectors, and whether one of them surely fits it.
  func match(_ selectors: [String], _ pod: RegistrationSubject) -> (SelectorMatch, Bool) {
    let labels = labels(ofNamespace: pod.fact.workload.id.namespace)
    var doubt: SelectorMatch?
    var isNarrowed = false
    for selector in selectors {
      let match = RegistrationSelector(selector).matches(pod, namespaceLabels: labels)
      switch match {
      case .yes: isNarrowed = true
      case .no: return (.no, false)
      case .unknown: doubt = doubt ?? match
      }
    }
    return (doubt ?? .yes, isNarrowed)
  }

  private func unresolved(_ selectors: [String]) -> String {
    let read = selectors.map { RegistrationSelector($0) }
    if let other = read.first(where: { $0.kind == nil }) {
      return "manifests do not tell \"\(other.text)\""
    }
    if let uid = read.first(where: { $0.kind == "pod-uid" }) {
      return "no input shows a running pod of UID \(uid.value)"
    }
    return "no workload of the inputs has its selectors"
  }
}
