package import MeshModel

/// What the layers say of an access edge, each for itself.
package struct LayerOutcomes: Sendable, Hashable {
  /// What the mesh at the destination says; its layer is `none` where no mesh enforces.
  package var mesh: Reach
  /// What NetworkPolicy says; nil where no policy governs the connection.
  package var network: Reach?
  /// The destination port of the packets: what NetworkPolicy sees.
  package var wirePort: Int

  package init(mesh: Reach, network: Reach?, wirePort: Int) {
    self.mesh = mesh
    self.network = network
    self.wirePort = wirePort
  }
}
