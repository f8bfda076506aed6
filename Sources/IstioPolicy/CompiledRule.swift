import MeshModel

/// One field of a rule as a proxy tests it: any of the values, or none of them when negated.
struct FieldTest: Sendable {
  enum Subject: Sendable {
    case identity([IdentityPattern])
    case sourceAddress([AddressRange])
    case remoteAddress([AddressRange])
    case destinationAddress([AddressRange])
    case port([Int])
    case serverName([TextPattern])
    case method([TextPattern])
    case host([TextPattern])
    case path([PathPattern])
    case header(String, [TextPattern])
    case requestPrincipal([RequestPrincipalPattern])
    /// A claim of the validated token, by its path; `isSpaceDelimited` splits text at spaces first.
    case claim([String], [TextPattern], isSpaceDelimited: Bool)
    /// Dynamic metadata of a filter: not known outside the proxy.
    case filterMetadata
  }

  var subject: Subject
  var isNegated: Bool
  /// Index into `CompiledPolicies.origins`: what the user wrote.
  var origin: Int32

  /// Whether it reads the HTTP request or its token.
  var isHTTP: Bool {
    switch subject {
    case .method, .host, .path, .header, .requestPrincipal, .claim: true
    default: false
    }
  }
}

/// Where a test comes from: field, values and place, for traces and for symbolic results.
struct TestOrigin: Sendable {
  /// `source.principals`, `operation.notPaths`, or the key of a condition.
  var field: String
  var values: [String]
  var location: SourceLocation
}

/// `request.auth.principal`: issuer and subject of a token, both of which must match (Istio
/// pilot/pkg/security/authz/model/generator.go, `requestPrincipalGenerator`).
struct RequestPrincipalPattern: Hashable, Sendable {
  var issuer: TextPattern
  var subject: TextPattern

  init(_ value: String) {
    let slash = value.lastIndex(of: "/")
    let issuer = slash.map { String(value[..<$0]) } ?? value
    let subject = slash.map { String(value[value.index(after: $0)...]) } ?? ""
    if value == "*" {
      self.issuer = .nonEmpty
      self.subject = .nonEmpty
    } else if value.hasPrefix("*") {
      if slash == nil {
        self.issuer = .nonEmpty
        self.subject = .suffix(Array(value.utf8.dropFirst()))
      } else {
        self.issuer = issuer == "*" ? .nonEmpty : .suffix(Array(issuer.utf8.dropFirst()))
        self.subject = .exact(Array(subject.utf8))
      }
    } else if value.hasSuffix("*") {
      if slash == nil {
        self.issuer = .prefix(Array(value.utf8.dropLast()))
        self.subject = .nonEmpty
      } else {
        self.issuer = .exact(Array(issuer.utf8))
        self.subject = subject == "*" ? .nonEmpty : .prefix(Array(subject.utf8.dropLast()))
      }
    } else {
      self.issuer = .exact(Array(issuer.utf8))
      self.subject = .exact(Array(subject.utf8))
    }
  }
}

/// A rule in the form that one kind of proxy evaluates: all clauses hold, of each clause any
/// alternative, of each alternative all tests.
struct CompiledRule: Sendable {
  struct Clause: Sendable {
    var alternatives: [[FieldTest]]
  }

  /// Index of its policy.
  var policy: Int32
  /// Position in the policy's `rules`.
  var index: Int
  /// The id that the proxy reports when the rule decides.
  var id: String
  var clauses: [Clause]
  /// The rule can match nothing: the policy has no rules, or a clause was left without
  /// alternatives.
  var neverMatches = false
  var location: SourceLocation
  /// What was dropped or widened on the way, in words.
  var adjustments: [String] = []
}

/// A rule that the proxy never gets.
struct DroppedRule: Sendable {
  var index: Int
  var reason: String
  var location: SourceLocation
}

/// The rules of one policy for one kind of proxy.
struct CompiledPolicy: Sendable {
  var rules: [CompiledRule] = []
  var dropped: [DroppedRule] = []
}
