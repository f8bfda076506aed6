/// What a policy does when it matches, in one vocabulary for both meshes and NetworkPolicy.
package enum PolicyAction: String, Hashable, Sendable, CaseIterable {
  case allow
  case deny
  /// Asks an external authorizer (Istio CUSTOM).
  case custom
  case audit
}

/// A policy as a fact of the audit: what it says, where it attaches, and where it stands.
///
/// One value for each policy of each layer; the store spreads it over `policy_rule` and its
/// companions.
package struct PolicyFact: Sendable {
  /// How far the policy reaches by its own text.
  package enum Scope: String, Hashable, Sendable {
    case mesh
    case namespace
    case workload
    /// Attached to a service, gateway, route or server by reference.
    case target
  }

  package var layer: PolicyLayer
  package var policy: ResourceReference
  package var action: PolicyAction
  /// Evaluated for logs and metrics only.
  package var isDryRun: Bool
  package var scope: Scope
  /// For the scope `target`: what it is attached to, as it is written there; else empty.
  package var targets: [String] = []
  package var location: SourceLocation
  /// Workloads it attaches to, sorted; empty is an orphan.
  package var attachedTo: [WorkloadID]
  package var rules: [Rule]
  /// For `custom`: the external authorizer.
  package var provider: String?

  package init(
    layer: PolicyLayer, policy: ResourceReference, action: PolicyAction, isDryRun: Bool = false,
    scope: Scope, location: SourceLocation, attachedTo: [WorkloadID] = [], rules: [Rule] = [],
    provider: String? = nil
  ) {
    self.layer = layer
    self.policy = policy
    self.action = action
    self.isDryRun = isDryRun
    self.scope = scope
    self.location = location
    self.attachedTo = attachedTo
    self.rules = rules
    self.provider = provider
  }

  /// One rule: any of `sources`, any of `operations`, all of `conditions`.
  ///
  /// An empty list restricts nothing.
  package struct Rule: Sendable {
    package var index: Int
    package var sources: [Clause]
    package var operations: [Clause]
    package var conditions: [Term]
    package var location: SourceLocation
    /// The id that the mesh reports when this rule decides, `ns[agents]-policy[planner]-rule[0]`.
    package var reportedID: String?

    package init(
      index: Int, sources: [Clause] = [], operations: [Clause] = [], conditions: [Term] = [],
      location: SourceLocation, reportedID: String? = nil
    ) {
      self.index = index
      self.sources = sources
      self.operations = operations
      self.conditions = conditions
      self.location = location
      self.reportedID = reportedID
    }
  }

  /// One source or one operation: terms of different kinds all hold, terms of one kind are alternatives.
  package struct Clause: Sendable {
    package var terms: [Term]
    package var location: SourceLocation

    package init(terms: [Term], location: SourceLocation) {
      self.terms = terms
      self.location = location
    }
  }

  /// One value of one field.
  package struct Term: Hashable, Sendable {
    /// In the field's own words: `principal`, `namespace`, `service-account`, `trust-domain`,
    /// `request-principal`, `ip-block`, `remote-ip-block`, `pod-selector`, `namespace-selector`,
    /// `method`, `path`, `host`, `port`; for a condition its key.
    package var kind: String
    package var value: String
    /// The value must *not* match (`notPrincipals`, `except`, …).
    package var isNegated: Bool
    package var location: SourceLocation

    package init(
      kind: String, value: String, isNegated: Bool = false, location: SourceLocation
    ) {
      self.kind = kind
      self.value = value
      self.isNegated = isNegated
      self.location = location
    }
  }
}
