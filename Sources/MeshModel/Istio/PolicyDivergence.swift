/// A policy that means different things to a sidecar and to ztunnel.
package struct PolicyDivergence: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A DENY rule of HTTP fields only does nothing at ztunnel.
    case httpDenyWithoutEffect = "http-deny-without-effect"
    /// A DENY rule denies more at ztunnel, which does not know its HTTP fields.
    case httpDenyWidened = "http-deny-widened"
    /// An ALLOW rule with HTTP fields is left out at ztunnel.
    case httpAllowDropped = "http-allow-dropped"
    /// `trustDomains` gets lost: the rest of the source decides alone, or nothing matches.
    case trustDomainsLost = "trust-domains-lost"
    /// An empty selector selects the whole namespace for sidecars and nothing for ztunnel.
    case emptySelector = "empty-selector"
    /// A policy with targets is for waypoints and gateways; neither sidecars nor ztunnel apply it.
    case targetIgnored = "target-ignored"
    /// Action CUSTOM or AUDIT, which ztunnel does not know.
    case actionUnsupported = "action-unsupported"
    /// Trust domain aliases, and `cluster.local` for the local trust domain, hold for sidecars
    /// only.
    case aliasesIgnored = "aliases-ignored"
    /// A wildcard inside a namespace matches for sidecars only.
    case namespaceWildcard = "namespace-wildcard"
  }

  package enum Effect: String, Hashable, Sendable, CaseIterable {
    /// ztunnel lets through what a sidecar refuses.
    case opens
    /// ztunnel refuses what a sidecar lets through.
    case closes
  }

  package var policy: ResourceReference
  /// Nil when the whole policy is meant.
  package var ruleIndex: Int?
  package var kind: Kind
  package var effect: Effect
  /// One sentence, lower-case start, no full stop.
  package var explanation: String
  /// Ambient workloads that the policy selects, sorted: where the difference bites today.
  package var ambientWorkloads: [WorkloadID]
  package var location: SourceLocation

  package init(
    policy: ResourceReference, ruleIndex: Int?, kind: Kind, effect: Effect, explanation: String,
    ambientWorkloads: [WorkloadID], location: SourceLocation
  ) {
    self.policy = policy
    self.ruleIndex = ruleIndex
    self.kind = kind
    self.effect = effect
    self.explanation = explanation
    self.ambientWorkloads = ambientWorkloads
    self.location = location
  }
}
