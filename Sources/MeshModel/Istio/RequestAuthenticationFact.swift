/// A RequestAuthentication and what it does at a workload: tokens are checked, and perhaps
/// required.
package struct RequestAuthenticationFact: Hashable, Sendable {
  package var policy: ResourceReference
  package var workload: WorkloadID
  package var issuers: [String]
  /// Whether an AuthorizationPolicy of the workload refuses requests without a token: a DENY of
  /// `notRequestPrincipals: ["*"]`, or ALLOW rules that all ask for one.
  ///
  /// Without it a request may simply leave the token out.
  package var isTokenRequired: Bool
  /// Ambient without waypoint: nothing checks tokens.
  package var isEnforced: Bool
  package var location: SourceLocation

  package init(
    policy: ResourceReference, workload: WorkloadID, issuers: [String], isTokenRequired: Bool,
    isEnforced: Bool, location: SourceLocation
  ) {
    self.policy = policy
    self.workload = workload
    self.issuers = issuers
    self.isTokenRequired = isTokenRequired
    self.isEnforced = isEnforced
    self.location = location
  }
}
