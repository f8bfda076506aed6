package import MeshModel

extension IstioMesh {
  /// Every host of every ServiceEntry, in the order of the inputs.
  package func externalServiceFacts() -> [ExternalServiceFact] {
    istio.serviceEntries.flatMap { entry in
      entry.hosts.map { host in
        ExternalServiceFact(
          entry: entry.reference, host: host.value, meshLocation: entry.meshLocation,
          resolution: entry.resolution, ports: entry.ports.map(\.number),
          exportTo: entry.exportTo.isEmpty ? config.defaultServiceExportTo : entry.exportTo,
          isExportWritten: !entry.exportTo.isEmpty, location: host.location)
      }
    }
  }
}
