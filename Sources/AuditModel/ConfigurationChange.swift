package import MeshModel

/// What a change of configuration does, as rules see it: known to a gate alone, which reads both sides.
package struct ConfigurationChange: Sendable, Hashable {
  /// Access that opens, closes, changes or cannot be told, alike for all sources and destinations.
  package struct Access: Sendable, Hashable {
    /// opens, closes, changes or unknown.
    package var kind: String
    package var sources: [String]
    /// `namespace/name:port`.
    package var destinations: [String]
    /// Callers without an identity of the mesh are among the sources.
    package var isUnauthenticated: Bool
    /// Operations in words.
    package var opened: [String]
    package var closed: [String]
    package var before: String
    package var after: String
    /// `AuthorizationPolicy agents/planner, rule 1 added`; nil where no line is known.
    package var cause: String?
    /// In the head.
    package var location: SourceLocation?

    /// The sources in words: three of them, and how many more.
    package var source: String { ConfigurationChange.list(sources) }
    package var destination: String { ConfigurationChange.list(destinations) }

    package init(
      kind: String, sources: [String], destinations: [String], isUnauthenticated: Bool,
      opened: [String], closed: [String], before: String, after: String, cause: String?,
      location: SourceLocation?
    ) {
      self.kind = kind
      self.sources = sources
      self.destinations = destinations
      self.isUnauthenticated = isUnauthenticated
      self.opened = opened
      self.closed = closed
      self.before = before
      self.after = after
      self.cause = cause
      self.location = location
    }
  }

  /// Observed requests of one shape that the two sides decide otherwise, or not at all.
  package struct Request: Sendable, Hashable {
    /// breaks, opens, unknown or unexplained.
    package var effect: String
    package var source: String
    /// `namespace/name:port`.
    package var destination: String
    /// `POST /v1/plans`.
    package var operation: String
    package var count: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
    package var before: String
    package var after: String
    package var cause: String?
    package var location: SourceLocation?

    package init(
      effect: String, source: String, destination: String, operation: String, count: Int,
      firstSeen: UTCTime, lastSeen: UTCTime, before: String, after: String, cause: String?,
      location: SourceLocation?
    ) {
      self.effect = effect
      self.source = source
      self.destination = destination
      self.operation = operation
      self.count = count
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
      self.before = before
      self.after = after
      self.cause = cause
      self.location = location
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }

  package var access: [Access]
  /// Requests that both sides decide alike are left out.
  package var requests: [Request]

  package init(access: [Access], requests: [Request]) {
    self.access = access
    self.requests = requests
  }
}
