/// An Istio AuthorizationPolicy as it is written; what it means depends on the proxy that reads it
/// (Istio API `security.istio.io/v1 AuthorizationPolicy`).
package struct IstioAuthorizationPolicy: MeshResource {
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case allow = "ALLOW"
    case deny = "DENY"
    case audit = "AUDIT"
    case custom = "CUSTOM"
  }

  /// A field of a source or an operation; each has a `not…` twin.
  package enum Field: String, Hashable, Sendable, CaseIterable {
    case principals
    case namespaces
    case serviceAccounts
    case trustDomains
    case ipBlocks
    case remoteIPBlocks = "remoteIpBlocks"
    case requestPrincipals
    case hosts
    case methods
    case paths
    case ports

    package static let ofSources: [Field] = [
      .principals, .namespaces, .serviceAccounts, .trustDomains, .ipBlocks, .remoteIPBlocks,
      .requestPrincipals,
    ]
    package static let ofOperations: [Field] = [.hosts, .methods, .paths, .ports]

    /// `notPrincipals` of `principals`.
    package var negatedName: String {
      "not" + rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }

  /// One field with its values and the values of its negated twin; at least one list is not empty.
  package struct Term: Hashable, Sendable {
    package var field: Field
    package var values: [Located<String>]
    package var notValues: [Located<String>]

    package init(
      field: Field, values: [Located<String>] = [], notValues: [Located<String>] = []
    ) {
      self.field = field
      self.values = values
      self.notValues = notValues
    }
  }

  /// A source or an operation: all of its terms hold.
  ///
  /// Without terms it restricts nothing.
  package struct Clause: Hashable, Sendable {
    package var terms: [Term]
    package var location: SourceLocation

    package init(terms: [Term], location: SourceLocation) {
      self.terms = terms
      self.location = location
    }
  }

  /// An entry of `when`.
  package struct Condition: Hashable, Sendable {
    package var key: Located<String>
    package var values: [Located<String>]
    package var notValues: [Located<String>]

    package init(
      key: Located<String>, values: [Located<String>] = [], notValues: [Located<String>] = []
    ) {
      self.key = key
      self.values = values
      self.notValues = notValues
    }
  }

  package struct Rule: Hashable, Sendable {
    /// Alternatives; empty restricts nothing.
    package var sources: [Clause]
    /// Alternatives; empty restricts nothing.
    package var operations: [Clause]
    /// All hold.
    package var conditions: [Condition]
    package var location: SourceLocation

    package init(
      sources: [Clause] = [], operations: [Clause] = [], conditions: [Condition] = [],
      location: SourceLocation
    ) {
      self.sources = sources
      self.operations = operations
      self.conditions = conditions
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var attachment: IstioAttachment
  package var action: Action
  /// Without rules the policy never matches: ALLOW then denies everything.
  package var rules: [Rule]
  /// The extension provider of a CUSTOM policy.
  package var provider: Located<String>?

  package init(
    metadata: ResourceMetadata, attachment: IstioAttachment = IstioAttachment(),
    action: Action = .allow, rules: [Rule] = [], provider: Located<String>? = nil
  ) {
    self.metadata = metadata
    self.attachment = attachment
    self.action = action
    self.rules = rules
    self.provider = provider
  }

  /// Whether the annotation `istio.io/dry-run` is true, read as Go's `strconv.ParseBool` reads it;
  /// a value that it cannot read counts as false (Istio
  /// pilot/pkg/security/authz/builder/builder.go).
  package var isDryRun: Bool {
    switch metadata.annotations["istio.io/dry-run"] {
    case "1", "t", "T", "TRUE", "true", "True": true
    default: false
    }
  }
}
