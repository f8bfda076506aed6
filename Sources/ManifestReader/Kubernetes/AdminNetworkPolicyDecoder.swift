import DocumentReader
import MeshModel

/// Reads AdminNetworkPolicy, BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy
/// (v1alpha2) of `policy.networking.k8s.io` into one form.
enum AdminNetworkPolicyDecoder: ResourceDecoder {
  static let kinds =
    ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"].map {
      ResourceKind(group: "policy.networking.k8s.io", kind: $0)
    }

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let isBaseline: Bool
    switch object.metadata.reference.kind.kind {
    case "BaselineAdminNetworkPolicy": isBaseline = true
    case "ClusterNetworkPolicy": isBaseline = spec.string("tier")?.value == "Baseline"
    default: isBaseline = false
    }
    guard let subjectFields = spec.object("subject"), let subject = pods(subjectFields) else {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) has no subject", at: spec.location,
        hint: "set \"subject.namespaces\" or \"subject.pods\"")
      return
    }
    let policy = AdminNetworkPolicy(
      metadata: object.metadata, tier: isBaseline ? .baseline : .admin,
      priority: spec.int("priority")?.value ?? 0, subject: subject,
      ingress: spec.objects("ingress").compactMap { rule($0, peers: "from") },
      egress: spec.objects("egress").compactMap { rule($0, peers: "to") })
    spec.reportUnknownFields()
    contents.inventory.networkPolicy.adminPolicies.append(policy)
  }

  /// `namespaces: selector` or `pods: {namespaceSelector, podSelector}`.
  private static func pods(_ fields: FieldReader) -> AdminNetworkPolicy.PodsSelector? {
    if let namespaces = fields.labelSelector("namespaces") { return .init(namespaces: namespaces) }
    guard let pods = fields.object("pods") else { return nil }
    return .init(
      namespaces: pods.labelSelector("namespaceSelector") ?? LabelSelector(),
      pods: pods.labelSelector("podSelector") ?? LabelSelector())
  }

  private static func rule(_ fields: FieldReader, peers: String) -> AdminNetworkPolicy.Rule? {
    guard let word = fields.string("action") else {
      fields.problem(
        "missing-field", "\(fields.path) has no action", at: fields.location,
        hint: "set \"action\"")
      return nil
    }
    let action: AdminNetworkPolicy.Action
    switch word.value {
    case "Allow", "Accept": action = .accept
    case "Deny": action = .deny
    case "Pass": action = .pass
    default:
      fields.problem(
        "unknown-value", "\(fields.path).action is \"\(word.value)\"", at: word.location,
        hint: "expected \"Accept\" (\"Allow\" before v1alpha2), \"Deny\" or \"Pass\"")
      return nil
    }
    let hasPorts = fields.raw("ports") != nil || fields.raw("protocols") != nil
    let ports =
      fields.objects("ports").compactMap(port)
      + fields.objects("protocols").compactMap(protocolPort)
    let rule = AdminNetworkPolicy.Rule(
      name: fields.string("name")?.value, action: action,
      peers: fields.objects(peers).map(peer), ports: hasPorts && !ports.isEmpty ? ports : nil,
      location: fields.location)
    fields.reportUnknownFields()
    return rule
  }

  private static func peer(_ fields: FieldReader) -> AdminNetworkPolicy.Peer {
    if let pods = pods(fields) { return .pods(pods) }
    if fields.raw("networks") != nil {
      return .networks(
        fields.strings("networks").compactMap { AddressBlockReader.range($0, in: fields) })
    }
    return .unresolved(fields.names.first ?? "")
  }

  /// v1alpha1: `portNumber`, `portRange`, `namedPort`.
  private static func port(_ fields: FieldReader) -> AdminNetworkPolicy.Port? {
    if let number = fields.object("portNumber"), let port = number.int("port") {
      return .number(number.transport("protocol"), port.value)
    }
    if let range = fields.object("portRange") {
      return self.range(range).map { .range(range.transport("protocol"), $0) }
    }
    return fields.string("namedPort").map { .named($0.value) }
  }

  /// v1alpha2: `tcp`, `udp`, `sctp` with `destinationPort`, or `destinationNamedPort`.
  private static func protocolPort(_ fields: FieldReader) -> AdminNetworkPolicy.Port? {
    for (name, transport) in [
      ("tcp", TransportProtocol.tcp), ("udp", .udp), ("sctp", .sctp),
    ] {
      guard fields.has(name) else { continue }
      guard let port = fields.object(name)?.object("destinationPort") else {
        return .all(transport)
      }
      if let number = port.int("number") { return .number(transport, number.value) }
      return port.object("range").flatMap(range).map { .range(transport, $0) }
    }
    return fields.string("destinationNamedPort").map { .named($0.value) }
  }

  private static func range(_ fields: FieldReader) -> ClosedRange<Int>? {
    guard let start = fields.int("start"), let end = fields.int("end"), start.value <= end.value
    else { return nil }
    return start.value...end.value
  }
}
