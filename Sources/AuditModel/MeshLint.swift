package import MeshModel

/// A configuration of a mesh that does not do what it seems to say, as a fact for rules.
package struct MeshLint: Sendable, Hashable {
  /// Permanent id of the kind of lint: `L01` to `L38`.
  package var id: String
  package var subject: ResourceReference
  /// Lower-case start, no full stop.
  package var message: String
  /// Tells lints of one id and subject apart; empty where there can be only one.
  package var detail: String
  package var location: SourceLocation

  package init(
    id: String, subject: ResourceReference, message: String, detail: String,
    location: SourceLocation
  ) {
    self.id = id
    self.subject = subject
    self.message = message
    self.detail = detail
    self.location = location
  }
}
