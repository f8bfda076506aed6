/// The answer to "may this call happen?".
package enum Decision: String, Hashable, Sendable, CaseIterable {
  case allow
  case deny
  /// An external authorizer decides; everything else would allow.
  case delegate
  /// What would decide is not known; the reason says what is missing.
  case unknown
}

/// Which rule book a rule or a decision belongs to.
package enum PolicyLayer: String, Hashable, Sendable, CaseIterable {
  case istio
  case linkerd
  case networkPolicy = "network-policy"
  /// No rule book applies: nothing enforces at the destination.
  case none
}

/// One step of the way to a decision, in the order in which the mesh takes it.
package struct TraceStep: Hashable, Sendable {
  /// What the step did to the request.
  package enum Outcome: String, Hashable, Sendable {
    /// Context: what was looked up and found.
    case info
    /// A policy attaches to the destination.
    case attached
    /// A rule matched.
    case matched
    /// A rule did not match; the text names the first field that did not.
    case notMatched = "not-matched"
    /// A rule or a field of it was dropped or widened and why.
    case adjusted
    /// This step decided.
    case decided
  }

  package var outcome: Outcome
  /// One sentence, lower-case start, no full stop.
  package var text: String
  package var policy: ResourceReference?
  package var location: SourceLocation?

  package init(
    _ outcome: Outcome, _ text: String, policy: ResourceReference? = nil,
    location: SourceLocation? = nil
  ) {
    self.outcome = outcome
    self.text = text
    self.policy = policy
    self.location = location
  }
}

/// A decision and why.
package struct DecisionRecord: Sendable {
  package var decision: Decision
  /// The id that the mesh itself reports, nil where no rule decided.
  package var decidedBy: String?
  /// The `PolicyFact.Rule.reportedID` of the ALLOW rule that grants the request; nil where none is needed,
  /// and where the request is refused or beyond deciding.
  package var grantedBy: String?
  /// Set for `unknown` and `delegate`; for `deny` where the mesh tells apart (`no-route`, `no-grant`,
  /// `plaintext`).
  package var reason: String?
  package var layer: PolicyLayer
  package var trace: [TraceStep]

  package init(
    _ decision: Decision, decidedBy: String? = nil, grantedBy: String? = nil,
    reason: String? = nil, layer: PolicyLayer, trace: [TraceStep] = []
  ) {
    self.decision = decision
    self.decidedBy = decidedBy
    self.grantedBy = grantedBy
    self.reason = reason
    self.layer = layer
    self.trace = trace
  }
}
