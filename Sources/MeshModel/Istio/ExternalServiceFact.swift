/// A host of a ServiceEntry: what the mesh knows of it and who sees it.
package struct ExternalServiceFact: Hashable, Sendable {
  package var entry: ResourceReference
  package var host: String
  package var meshLocation: IstioServiceEntry.Location
  /// `NONE`, `STATIC`, `DNS`, `DNS_ROUND_ROBIN` or `DYNAMIC_DNS`.
  package var resolution: String
  package var ports: [Int]
  /// Namespaces that see it: `*`, `.` or names.
  ///
  /// Where the entry is silent, the mesh's `defaultServiceExportTo` (Istio
  /// pilot/pkg/model/push_context.go `initDefaultExportMaps`, `IsServiceVisible`).
  package var exportTo: [String]
  /// The entry itself says `exportTo`.
  package var isExportWritten: Bool
  /// The place of the host.
  package var location: SourceLocation

  package init(
    entry: ResourceReference, host: String, meshLocation: IstioServiceEntry.Location,
    resolution: String, ports: [Int], exportTo: [String], isExportWritten: Bool,
    location: SourceLocation
  ) {
    self.entry = entry
    self.host = host
    self.meshLocation = meshLocation
    self.resolution = resolution
    self.ports = ports
    self.exportTo = exportTo
    self.isExportWritten = isExportWritten
    self.location = location
  }
}
