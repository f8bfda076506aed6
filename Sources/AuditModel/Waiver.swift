package import MeshModel

/// An accepted risk (`waivers.yaml`): the finding stays visible and counted, the gate lets it pass.
package struct Waiver: Codable, Sendable, Hashable {
  package struct Approval: Codable, Sendable, Hashable {
    package var name: String
    package var role: String?
    package var at: String?

    package init(name: String, role: String? = nil, at: String? = nil) {
      self.name = name
      self.role = role
      self.at = at
    }
  }

  package var id: String
  /// Exact rule ids.
  package var rules: [String]
  /// The finding's subject, `*` allowed at its end together with `maxMatches`; nil when a fingerprint
  /// is given instead.
  package var subject: String?
  package var fingerprint: String?
  package var maxMatches: Int?
  package var justification: String
  package var compensating: [String]
  package var ticket: String?
  package var owner: String
  package var approvals: [Approval]
  /// A day; the waiver starts at its beginning, UTC.
  package var created: UTCTime
  /// A day; the waiver ends at the end of it, UTC.
  package var expires: UTCTime
  package var location: SourceLocation

  package init(
    id: String, rules: [String], subject: String?, fingerprint: String?, maxMatches: Int?,
    justification: String, compensating: [String], ticket: String?, owner: String,
    approvals: [Approval], created: UTCTime, expires: UTCTime, location: SourceLocation
  ) {
    self.id = id
    self.rules = rules
    self.subject = subject
    self.fingerprint = fingerprint
    self.maxMatches = maxMatches
    self.justification = justification
    self.compensating = compensating
    self.ticket = ticket
    self.owner = owner
    self.approvals = approvals
    self.created = created
    self.expires = expires
    self.location = location
  }
}
