import AuditModel
import MeshModel

extension RegistrationBook {
  /// The rows of ClusterSPIFFEIDs: one for each workload and ID, and one for a resource that gives
  /// none to anybody (spire-controller-manager v0.6.6, pkg/spireentry/reconciler.go).
  func ofClusterSPIFFEIDs(_ resources: [ClusterSPIFFEID]) -> [WorkloadRegistration] {
    var rows: [WorkloadRegistration] = []
    // Pods of these have an ID that is no fallback: their places in `subjects`.
    var served: Set<Int> = []
    for resource in resources where !resource.isFallback {
      rows += self.rows(of: resource) { served.insert($0) }
    }
    for resource in resources where resource.isFallback {
      rows += self.rows(of: resource, without: served) { _ in }
    }
    return rows
  }

  private func rows(
    of resource: ClusterSPIFFEID, without served: Set<Int> = [], serving: (Int) -> Void
  ) -> [WorkloadRegistration] {
    var row = WorkloadRegistration(
      source: .clusterSPIFFEID, name: resource.metadata.name, location: resource.location)
    row.x509TTLSeconds = resource.ttlSeconds.map { Int($0.value) } ?? 0
    row.jwtTTLSeconds = resource.jwtTTLSeconds.map { Int($0.value) } ?? 0
    row.federatesWith = resource.federatesWith.map(\.value)
    row.isAdmin = resource.isAdmin?.value ?? false
    row.isDownstream = resource.isDownstream?.value ?? false
    row.isFallback = resource.isFallback
    row.hint = resource.hint
    row.className = resource.className ?? ""
    guard let template = resource.template else { return [] }
    if let reason = refusal(ofClass: row.className) {
      row.reason = reason
      return [row]
    }
    let rendering = Rendering(resource, template: template.value)
    var rows: [WorkloadRegistration] = []
    for (index, pods) in subjects.enumerated() where !served.contains(index) {
      let selection = selects(resource, pods[0])
      if selection == .no { continue }
      if selection == .yes { serving(index) }
      for var rendered in self.rows(row, of: pods, by: rendering) {
        if case .unknown(let reason) = selection { rendered.reason = rendered.reason ?? reason }
        rows.append(rendered)
      }
    }
    guard rows.isEmpty else { return rows }
    row.reason =
      served.isEmpty || !resource.isFallback
      ? "no workload of the inputs is selected"
      : "every workload that is selected has an ID that is no fallback"
    return [row]
  }

  private func selects(_ resource: ClusterSPIFFEID, _ pod: RegistrationSubject) -> SelectorMatch {
    let namespace = pod.fact.workload.id.namespace
    let ignored = controller.ignores(namespace)
    guard ignored != .yes, resource.podSelector?.matches(pod.fact.workload.podLabels) ?? true
    else { return .no }
    let known = labels(ofNamespace: namespace)
    let isSelected =
      resource.namespaceSelector?.matches(known ?? ["kubernetes.io/metadata.name": namespace])
      ?? true
    if known == nil, resource.namespaceSelector?.isDecidedByName == false {
      return .unknown("no input holds the Namespace \(namespace)")
    }
    return isSelected ? (ignored == .no ? .yes : ignored) : .no
  }

  /// The rows of a workload's pods; those that come out alike are one.
  private func rows(
    _ row: WorkloadRegistration, of pods: [RegistrationSubject], by rendering: Rendering
  ) -> [WorkloadRegistration] {
    var rows: [WorkloadRegistration] = []
    for pod in pods {
      let rendered = self.row(row, of: pod, by: rendering)
      let same = rows.firstIndex {
        $0.spiffeID == rendered.spiffeID && $0.reason == rendered.reason
          && $0.dnsNames == rendered.dnsNames
      }
      if let same {
        rows[same].selectors = Set(rows[same].selectors + rendered.selectors).sorted()
      } else {
        rows.append(rendered)
      }
    }
    return rows
  }

  private func row(
    _ row: WorkloadRegistration, of pod: RegistrationSubject, by rendering: Rendering
  ) -> WorkloadRegistration {
    var row = row
    row.workload = pod.fact.workload.id
    func render(_ template: GoTemplate) -> GoTemplate.Value {
      template.rendered { pod.value(of: $0, controller: controller) }
    }
    switch render(rendering.spiffeID) {
    case .unknown(let reason): row.reason = "its ID is not known: \(reason)"
    case .text(let text):
      if let defect = SPIFFEID.defect(in: text) {
        row.reason = "no entry is made: \"\(text)\" is no SPIFFE ID, \(defect)"
      } else if case .text(let domain) = controller.trustDomain,
        SPIFFEID(text)?.trustDomain != domain
      {
        row.reason = "no entry is made: \"\(text)\" is not of trust domain \"\(domain)\""
      } else {
        row.spiffeID = text
      }
    }
    if case .text(let uid) = pod.uid { row.selectors.append("k8s:pod-uid:\(uid)") }
    for template in rendering.selectors {
      guard case .text(let selector) = render(template) else {
        row.reason = row.reason ?? "a selector of its own is not known"
        continue
      }
      row.selectors.append(selector)
      switch match([selector], pod).0 {
      case .yes: break
      case .no: row.reason = row.reason ?? "its pods do not have the selector \"\(selector)\""
      case .unknown(let reason): row.reason = row.reason ?? reason
      }
    }
    row.selectors.sort()
    var names = Set(
      rendering.dnsNames.compactMap { template -> String? in
        guard case .text(let name) = render(template) else { return nil }
        return name
      })
    if rendering.addsServiceNames { names.formUnion(serviceNames(of: pod.fact.workload)) }
    row.dnsNames = names.sorted()
    return row
  }

  /// The names of Services that send to a workload's pods (pkg/spireentry/entries.go,
  /// `dnsNamesFromEndpoints`).
  private func serviceNames(of workload: Workload) -> [String] {
    services.filter {
      $0.namespace == workload.id.namespace && $0.selects(workload.podLabels)
    }.flatMap { service -> [String] in
      let full = "\(service.name).\(service.namespace).svc"
      var names = [service.name, "\(service.name).\(service.namespace)", full]
      if case .text(let domain) = controller.clusterDomain { names.append("\(full).\(domain)") }
      return names
    }
  }

  /// The templates of a resource, read once.
  private struct Rendering {
    let spiffeID: GoTemplate
    let selectors: [GoTemplate]
    let dnsNames: [GoTemplate]
    let addsServiceNames: Bool

    init(_ resource: ClusterSPIFFEID, template: String) {
      spiffeID = GoTemplate(template)
      selectors = resource.workloadSelectorTemplates.map { GoTemplate($0.value) }
      dnsNames = resource.dnsNameTemplates.map { GoTemplate($0.value) }
      addsServiceNames = resource.addsServiceNames
    }
  }
}

extension LabelSelector {
  /// Whether the name of a namespace alone decides it.
  fileprivate var isDecidedByName: Bool {
    matchLabels.keys.allSatisfy { $0 == "kubernetes.io/metadata.name" }
      && matchExpressions.allSatisfy { $0.key == "kubernetes.io/metadata.name" }
  }
}
