import AuditModel
import KubernetesPolicy
import LinkerdPolicy
import MeshModel

/// Which sources come out alike at a destination, so that one of them is decided for all.
///
/// A policy tells callers apart by what it names: an identity, a namespace, labels. Those that a
/// destination's policies name are decided one by one; of the rest all come out alike that are alike in
/// everything but their names (`SourceTraits`). Nil, and every source is decided, where a policy matches
/// callers in a way that is not looked into here.
struct SourceGroups {
  /// Sources that come out as the first of them does.
  typealias Group = [Int]

  private let model: AccessModel
  private let sources: [AccessGraph.Source]
  /// By source: which of `alike` it is in; -1 for those that are always decided alone.
  private let trait: [Int]
  /// Sources of the same traits.
  private let alike: [Group]
  private let alone: [Int]
  private let identities: NamedIdentities
  private let pods: [NetworkPolicyModel.Subject?]

  /// - Parameter sources: one of each class.
  init(_ sources: [AccessGraph.Source], model: AccessModel) {
    self.model = model
    self.sources = sources
    let clients = LinkerdClients(model.linkerd)
    var trait = [Int](repeating: -1, count: sources.count)
    var places: [SourceTraits: Int] = [:]
    var alike: [Group] = []
    var alone: [Int] = []
    for (index, source) in sources.enumerated() {
      guard let traits = SourceTraits(source, model: model, clients: clients) else {
        alone.append(index)
        continue
      }
      let place = places[traits] ?? alike.count
      if place == alike.count {
        places[traits] = place
        alike.append([])
      }
      trait[index] = place
      alike[place].append(index)
    }
    self.trait = trait
    self.alike = alike
    self.alone = alone
    identities = NamedIdentities(sources)
    pods = sources.map { source in source.workload.flatMap { model.network.subject(of: $0) } }
  }

  /// Groups that hold every source once; nil where none can be told.
  func groups(at destination: AccessGraph.Destination, _ policies: [PolicyFact]) -> [Group]? {
    guard let named = named(at: destination, policies) else { return nil }
    if let subject = model.network.subject(of: destination.workload),
      subject.hasIngressRules
    {
      return groups(at: subject, named: named)
    }
    let isNamed = marked(named)
    let rest = alike.compactMap { group -> Group? in
      let members = group.filter { !isNamed[$0] }
      return members.isEmpty ? nil : members
    }
    return rest + sources.indices.filter { isNamed[$0] }.map { [$0] }
  }

  /// Those that are decided one by one.
  private func marked(_ named: [Int]) -> [Bool] {
    var isNamed = [Bool](repeating: false, count: sources.count)
    for index in named { isNamed[index] = true }
    for index in alone { isNamed[index] = true }
    return isNamed
  }

  /// Divides further by the rules of NetworkPolicy at the destination that take a source as peer.
  private func groups(at subject: NetworkPolicyModel.Subject, named: [Int]) -> [Group]? {
    struct Key: Hashable {
      var trait: Int
      var peers: UInt64
    }
    let isNamed = marked(named)
    var places: [Key: Int] = [:]
    var groups: [Group] = []
    for index in sources.indices {
      guard !isNamed[index], let pod = pods[index] else {
        groups.append([index])
        continue
      }
      guard let peers = subject.ingressPeers(pod) else { return nil }
      if peers.isUncertain {
        groups.append([index])
        continue
      }
      let key = Key(trait: trait[index], peers: peers.rules)
      if let place = places[key] {
        groups[place].append(index)
      } else {
        places[key] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  /// The sources that policies of the mesh name at a destination.
  private func named(at destination: AccessGraph.Destination, _ policies: [PolicyFact]) -> [Int]? {
    guard let fact = model.fact(of: destination.workload), !fact.lacksNamespace else { return nil }
    switch fact.dataplane {
    case .sidecar, .ambient, .gateway, .waypoint:
      return identities.named(by: policies.filter { $0.layer == .istio })
    case .linkerd:
      return model.linkerd.clientIdentities(of: destination.workload, port: destination.port)
        .map(identities.named)
    case .none: return []
    }
  }
}

/// What policies can tell about a workload as a caller, apart from the names that they name.
private struct SourceTraits: Hashable {
  var layer: PolicyLayer
  /// `spiffe://` and the trust domain; empty for another form, nil without an identity.
  var trustDomain: String?
  var linkerd: String
  var network: NetworkPolicyModel.EgressTraits

  /// Nil for a source that is always decided alone: no workload, one that may have a proxy or not, an
  /// identity of an unusual form, a pod of the host network, which network plugins treat as they like.
  init?(_ source: AccessGraph.Source, model: AccessModel, clients: LinkerdClients) {
    guard source.kind == .workload, let workload = source.workload,
      let fact = model.fact(of: workload), !fact.lacksNamespace,
      let network = model.network.egressTraits(of: workload)
    else { return nil }
    layer = fact.layer
    linkerd = clients.traits(of: workload)
    self.network = network
    guard let principal = source.principal else { return }
    if principal.hasPrefix("spiffe://") {
      guard let identity = NamedIdentities.parts(principal) else { return nil }
      trustDomain = "spiffe://" + identity.trustDomain
    } else {
      trustDomain = ""
    }
  }
}
