/// An Istio Telemetry: access logs and traces.
package struct IstioTelemetry: MeshResource {
  /// Which side of a call a setting is for (`match.mode`).
  package enum Side: String, Hashable, Sendable, CaseIterable {
    case client = "CLIENT"
    case server = "SERVER"
    case both = "CLIENT_AND_SERVER"
  }

  package struct AccessLogging: Hashable, Sendable {
    package var side: Side
    package var providers: [Located<String>]
    package var isDisabled: Bool?
    /// A CEL expression; requests for which it is false are not logged.
    package var filter: Located<String>?
    package var location: SourceLocation

    package init(
      side: Side = .both, providers: [Located<String>] = [], isDisabled: Bool? = nil,
      filter: Located<String>? = nil, location: SourceLocation
    ) {
      self.side = side
      self.providers = providers
      self.isDisabled = isDisabled
      self.filter = filter
      self.location = location
    }
  }

  package struct Tracing: Hashable, Sendable {
    package var side: Side
    package var providers: [Located<String>]
    package var isDisabled: Bool?
    /// Per cent of requests, 0 to 100.
    package var samplingPercentage: Double?
    package var location: SourceLocation

    package init(
      side: Side = .both, providers: [Located<String>] = [], isDisabled: Bool? = nil,
      samplingPercentage: Double? = nil, location: SourceLocation
    ) {
      self.side = side
      self.providers = providers
      self.isDisabled = isDisabled
      self.samplingPercentage = samplingPercentage
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var attachment: IstioAttachment
  package var accessLogging: [AccessLogging]
  package var tracing: [Tracing]

  package init(
    metadata: ResourceMetadata, attachment: IstioAttachment = IstioAttachment(),
    accessLogging: [AccessLogging] = [], tracing: [Tracing] = []
  ) {
    self.metadata = metadata
    self.attachment = attachment
    self.accessLogging = accessLogging
    self.tracing = tracing
  }
}
