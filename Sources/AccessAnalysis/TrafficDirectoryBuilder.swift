import AuditModel
package import MeshModel

extension AccessModel {
  /// What log lines can be resolved against: pod addresses, identities, services and their ports.
  package func trafficDirectory() -> TrafficDirectory {
    var directory = TrafficDirectory()
    var owners: [String: Int] = [:]
    for fact in workloads {
      let id = fact.workload.id
      directory.workloads.insert(id)
      for instance in fact.workload.instances {
        directory.workloadsByPod["\(id.namespace)/\(instance.name)"] = id
        for address in instance.addresses {
          directory.workloadsByAddress[address] = id
          owners[address, default: 0] += 1
          // Pods of the host network share the node's address.
          if let start = instance.startTime, !fact.workload.template.usesHostNetwork {
            directory.firstWholeDays[address] = start.adding(days: 1).dayText
          }
        }
      }
      if let principal = fact.principal {
        directory.workloadsByPrincipal[principal, default: []].append(id)
      }
    }
    for (address, count) in owners where count > 1 { directory.firstWholeDays[address] = nil }
    let byNamespace = Dictionary(grouping: workloads, by: \.workload.id.namespace)
    for service in inventory.kubernetes.services {
      let selected = (byNamespace[service.namespace] ?? []).filter {
        service.selects($0.workload.podLabels)
      }
      for port in service.ports {
        let address = TrafficDirectory.ServiceAddress(
          namespace: service.namespace, name: service.name, port: port.port)
        directory.serviceTargets[address] = selected.compactMap { fact in
          port.containerPort(on: fact.workload.template).map {
            TrafficDirectory.ServiceTarget(workload: fact.workload.id, containerPort: $0)
          }
        }
      }
    }
    return directory
  }
}
