/// An Istio PeerAuthentication (Istio API `security.istio.io/v1`).
package struct IstioPeerAuthentication: MeshResource {
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Inherits from the next wider policy.
    case unset = "UNSET"
    case disable = "DISABLE"
    case permissive = "PERMISSIVE"
    case strict = "STRICT"
  }

  package struct PortMode: Hashable, Sendable {
    /// The container port.
    package var port: Int
    package var mode: Mode
    package var location: SourceLocation

    package init(port: Int, mode: Mode, location: SourceLocation) {
      self.port = port
      self.mode = mode
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  /// Nil and an empty selector both mean the whole namespace for sidecars; ambient tells them
  /// apart.
  package var selector: LabelSelector?
  package var mode: Mode
  /// Where `mtls.mode` stands, nil when it is not written.
  package var modeLocation: SourceLocation?
  package var portModes: [PortMode]

  package init(
    metadata: ResourceMetadata, selector: LabelSelector? = nil, mode: Mode = .unset,
    modeLocation: SourceLocation? = nil, portModes: [PortMode] = []
  ) {
    self.metadata = metadata
    self.selector = selector
    self.mode = mode
    self.modeLocation = modeLocation
    self.portModes = portModes
  }
}
