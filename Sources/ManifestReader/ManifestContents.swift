package import MeshModel

/// What manifests hold while they are being read: the inventory, and the pods and their controllers
/// out of which workloads are made once all files are known.
package struct ManifestContents: Sendable {
  package var inventory = MeshInventory()
  package var controllers: [PodController] = []
  package var meshConfigTexts: [MeshConfigText] = []

  package init() {}
}

/// A resource that runs pods: a controller with a template, or a bare Pod.
package struct PodController: Sendable {
  package struct Owner: Hashable, Sendable {
    package var kind: String
    package var name: String
  }

  package var metadata: ResourceMetadata
  package var template: PodTemplate
  package var replicas: Int?
  /// The controlling owner (`ownerReferences` with `controller: true`, else the first).
  package var owner: Owner?
  /// Set for a Pod that runs: its addresses and start.
  package var instance: PodInstance?
}
