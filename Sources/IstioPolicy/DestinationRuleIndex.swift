import MeshModel

/// Finds the DestinationRule that a client uses for a service (Istio
/// pilot/pkg/model/push_context.go `destinationRule`).
struct DestinationRuleIndex: Sendable {
  private let byNamespace: [String: [IstioDestinationRule]]
  private let rootNamespace: String
  private let defaultExportTo: [String]

  init(_ rules: [IstioDestinationRule], config: IstioMeshConfig) {
    byNamespace = Dictionary(grouping: rules.oldestFirst(), by: \.namespace)
    rootNamespace = config.rootNamespace
    defaultExportTo = config.defaultDestinationRuleExportTo
  }

  /// Rules of one namespace for one host that only their names put in order and whose TLS differs: the
  /// later ones only add subsets (Istio pilot/pkg/model/destination_rule.go `mergeDestinationRule`).
  var ties: [(taken: IstioDestinationRule, left: IstioDestinationRule)] {
    var result: [(taken: IstioDestinationRule, left: IstioDestinationRule)] = []
    for namespace in byNamespace.keys.sorted() {
      var first: [String: IstioDestinationRule] = [:]
      for rule in byNamespace[namespace] ?? [] where rule.workloadSelector == nil {
        let host = Self.qualified(rule.host.value, namespace)
        guard let known = first[host] else {
          first[host] = rule
          continue
        }
        if known.metadata.creationTimestamp == rule.metadata.creationTimestamp,
          Self.modes(known) != Self.modes(rule)
        {
          result.append((known, rule))
        }
      }
    }
    return result
  }

  /// What a rule says of TLS, by port; 0 for all others.
  private static func modes(_ rule: IstioDestinationRule) -> [Int: IstioDestinationRule.TLSMode?] {
    var result: [Int: IstioDestinationRule.TLSMode?] = [0: rule.trafficPolicy?.tls?.mode]
    for entry in rule.trafficPolicy?.ports ?? [] { result[entry.port] = entry.tls?.mode }
    return result
  }

  /// The client's namespace first, then the service's, then the root's.
  func rule(for host: String, service: String, client: Endpoint) -> IstioDestinationRule? {
    var places: [(namespace: String, isExported: Bool)] = []
    places.append((client.namespace, false))
    places.append((service, true))
    places.append((rootNamespace, true))
    for place in places {
      let candidates = (byNamespace[place.namespace] ?? []).filter { rule in
        if let selector = rule.workloadSelector {
          return rule.namespace == client.namespace && selector.matches(client.labels)
        }
        if place.isExported { return isVisible(rule, to: client.namespace) }
        // A client in the root namespace has only that namespace's private rules here.
        return client.namespace != rootNamespace || !exports(rule).contains("*")
      }
      if let best = best(candidates, host) { return best }
    }
    return nil
  }

  private func exports(_ rule: IstioDestinationRule) -> [String] {
    rule.exportTo.isEmpty ? defaultExportTo : rule.exportTo
  }

  private func isVisible(_ rule: IstioDestinationRule, to namespace: String) -> Bool {
    exports(rule).contains {
      $0 == "*" || $0 == namespace || ($0 == "." && rule.namespace == namespace)
    }
  }

  /// Selected by workload before others, exact before wildcard, the longest wildcard first.
  private func best(_ rules: [IstioDestinationRule], _ host: String) -> IstioDestinationRule? {
    var best: (score: Int, rule: IstioDestinationRule)?
    for rule in rules {
      let pattern = Self.qualified(rule.host.value, rule.namespace)
      var score: Int
      if pattern == host {
        score = 10_000
      } else if pattern.hasPrefix("*"), host.hasSuffix(pattern.dropFirst()) {
        score = pattern.utf8.count
      } else {
        continue
      }
      if rule.workloadSelector != nil { score += 100_000 }
      if score > best?.score ?? 0 { best = (score, rule) }
    }
    return best?.rule
  }

  /// A short name is a service of the rule's own namespace.
  static func qualified(_ host: String, _ namespace: String) -> String {
    host.contains(".") || host.hasPrefix("*") ? host : "\(host).\(namespace).svc.cluster.local"
  }
}
