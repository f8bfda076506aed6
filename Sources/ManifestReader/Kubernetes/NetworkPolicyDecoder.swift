import DocumentReader
import MeshModel

/// Reads `networking.k8s.io NetworkPolicy`.
enum NetworkPolicyDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "networking.k8s.io", kind: "NetworkPolicy")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let policy = NetworkPolicy(
      metadata: object.metadata, podSelector: spec.labelSelector("podSelector") ?? LabelSelector(),
      ingress: spec.objects("ingress").map { rule($0, peers: "from") },
      egress: spec.objects("egress").map { rule($0, peers: "to") },
      policyTypes: spec.strings("policyTypes").compactMap { direction($0, in: spec) })
    spec.reportUnknownFields()
    contents.inventory.networkPolicy.networkPolicies.append(policy)
  }

  private static func direction(_ word: Located<String>, in spec: FieldReader)
    -> TrafficDirection?
  {
    switch word.value {
    case "Ingress": return .ingress
    case "Egress": return .egress
    default:
      spec.problem(
        "unknown-value", "spec.policyTypes holds \"\(word.value)\"", at: word.location,
        hint: "expected \"Ingress\" or \"Egress\"")
      return nil
    }
  }

  private static func rule(_ fields: FieldReader, peers: String) -> NetworkPolicy.Rule {
    let rule = NetworkPolicy.Rule(
      peers: fields.objects(peers).map(peer), ports: fields.objects("ports").compactMap(port),
      location: fields.location)
    fields.reportUnknownFields()
    return rule
  }

  private static func peer(_ fields: FieldReader) -> NetworkPolicy.Peer {
    let peer = NetworkPolicy.Peer(
      podSelector: fields.labelSelector("podSelector"),
      namespaceSelector: fields.labelSelector("namespaceSelector"),
      ipBlock: fields.object("ipBlock").flatMap(AddressBlockReader.read),
      location: fields.location)
    if peer.podSelector == nil, peer.namespaceSelector == nil, peer.ipBlock == nil,
      !fields.hasProblem
    {
      fields.problem(
        "empty-peer", "\(fields.path) names no peer", at: fields.location,
        hint: "the API server refuses it; write \"podSelector: {}\" for all pods")
    }
    fields.reportUnknownFields()
    return peer
  }

  /// A port that cannot be read is kept as one that matches nothing: dropping it from a list of one
  /// would open every port.
  private static func port(_ fields: FieldReader) -> NetworkPolicy.Port? {
    let isWritten = fields.raw("port") != nil
    let reference = fields.portReference("port")
    let port = NetworkPolicy.Port(
      transport: fields.transport("protocol"),
      port: isWritten ? reference?.value ?? .name("") : nil,
      endPort: fields.int("endPort")?.value, location: fields.location)
    fields.reportUnknownFields()
    return port
  }
}
