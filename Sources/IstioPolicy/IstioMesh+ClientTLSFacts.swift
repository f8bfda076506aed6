package import MeshModel

extension IstioMesh {
  /// Where DestinationRules make connections other than auto mTLS would, or hold a setting that does
  /// not do what it seems to; sorted by clients, server, port and subset.
  ///
  /// Asked once for each namespace of clients, not for each client: only a rule with a workload
  /// selector tells the clients of a namespace apart.
  package func clientTLSFacts() -> [ClientTLSDifference] {
    guard !istio.destinationRules.isEmpty else { return [] }
    let clients = clientClasses()
    let routed = routedSubsets()
    var result: [ClientTLSDifference] = []
    for prepared in endpoints {
      let target = prepared.value
      guard let server = target.workload else { continue }
      for port in target.protocols.keys.sorted() {
        guard let (service, _) = service(of: target, at: port) else { continue }
        let host = Self.host(service)
        for client in clients {
          guard
            let rule = destinationRules.rule(
              for: host, service: service.namespace, client: endpoints[client.endpoint].value)
          else { continue }
          let subsets = rule.subsets.filter {
            routed.contains(RoutedSubset(host: host, name: $0.name))
              && LabelSelector(matchLabels: $0.labels).matches(target.labels)
          }
          for subset in [nil] + subsets.map({ Optional($0.name) }) {
            if let fact = difference(client, server, port, subset) {
              result.append(
                ClientTLSDifference(
                  namespace: client.namespace, client: client.isAlone ? fact.client : nil,
                  fact: fact))
            }
          }
        }
      }
    }
    return result.sorted { left, right in
      let (first, second) = (left.fact, right.fact)
      return (first.client, first.server, first.port, first.subset ?? "")
        < (second.client, second.server, second.port, second.subset ?? "")
    }
  }

  private struct ClientClass {
    var namespace: String
    /// Index of one client of the class.
    var endpoint: Int
    /// A rule's workload selector picks it.
    var isAlone: Bool
  }

  private struct RoutedSubset: Hashable {
    var host: String
    var name: String
  }

  private func clientClasses() -> [ClientClass] {
    var result: [ClientClass] = []
    var seen: Set<String> = []
    let selectors = Dictionary(
      grouping: istio.destinationRules.filter { $0.workloadSelector != nil }, by: \.namespace)
    for (index, prepared) in endpoints.enumerated() {
      let endpoint = prepared.value
      switch endpoint.dataplane.dataplane {
      case .none, .linkerd, .ambient: continue
      case .sidecar, .gateway, .waypoint: break
      }
      let isAlone = (selectors[endpoint.namespace] ?? []).contains {
        $0.workloadSelector?.matches(endpoint.labels) ?? false
      }
      if isAlone || seen.insert(endpoint.namespace).inserted {
        result.append(
          ClientClass(namespace: endpoint.namespace, endpoint: index, isAlone: isAlone))
      }
    }
    return result
  }

  /// Subsets that some VirtualService sends or mirrors requests to.
  private func routedSubsets() -> Set<RoutedSubset> {
    var result: Set<RoutedSubset> = []
    for virtualService in istio.virtualServices {
      for route in virtualService.routes {
        for destination in route.destinations + route.mirrors {
          guard let subset = destination.subset else { continue }
          result.insert(
            RoutedSubset(
              host: DestinationRuleIndex.qualified(
                destination.host.value, virtualService.namespace), name: subset))
        }
      }
    }
    return result
  }

  private func difference(
    _ client: ClientClass, _ server: WorkloadID, _ port: Int, _ subset: String?
  )
    -> ClientTLSFact?
  {
    guard let id = endpoints[client.endpoint].value.workload,
      let fact = clientTLS(from: id, to: server, port: port, subset: subset)
    else { return nil }
    guard fact.traps.isEmpty else { return fact }
    guard fact.decidedBy != "auto mTLS", let index = endpointsByWorkload[server] else { return nil }
    let target = endpoints[Int(index)].value
    let automatic = outcome(nil, [], target, setting(of: target, at: port).mode)
    // A subset without TLS of its own is secured as the rest of the service.
    if subset != nil, let whole = clientTLS(from: id, to: server, port: port),
      whole.outcome == fact.outcome
    {
      return nil
    }
    return fact.outcome == automatic ? nil : fact
  }
}
