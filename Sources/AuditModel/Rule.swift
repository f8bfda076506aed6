package import MeshModel

/// A rule without its SQL: what reports and documentation say of it.
package struct Rule: Codable, Sendable, Hashable {
  /// A source that the rule stands on, with its address.
  package struct Reference: Codable, Sendable, Hashable {
    package var title: String
    package var url: String?

    package init(title: String, url: String? = nil) {
      self.title = title
      self.url = url
    }
  }

  /// A parameter with its default.
  package struct Parameter: Codable, Sendable, Hashable {
    package var name: String
    package var defaultValue: JSONValue
    package var documentation: String

    package init(name: String, defaultValue: JSONValue, documentation: String) {
      self.name = name
      self.defaultValue = defaultValue
      self.documentation = documentation
    }
  }

  /// Permanent, `LP-001`.
  package var id: String
  /// Kebab-case noun of the defect, `wildcard-principal`.
  package var name: String
  /// Folder name of its pack, `least-privilege`.
  package var pack: String
  /// A sentence with "should".
  package var title: String
  package var question: String
  package var why: String
  package var remediation: String
  package var severity: Severity
  package var confidence: Confidence
  /// The views that its SQL reads.
  package var reads: [String]
  /// Kinds of input without which it is `not-assessed`.
  package var needs: [InputNeed]
  package var parameters: [Parameter]
  package var references: [Reference]
  /// Version of meshaudit that brought it.
  package var since: String
  package var aliases: [String]
  /// The SQL, printed in the method appendix.
  package var sql: String
  package var location: SourceLocation

  package init(
    id: String, name: String, pack: String, title: String, question: String, why: String,
    remediation: String, severity: Severity, confidence: Confidence, reads: [String],
    needs: [InputNeed], parameters: [Parameter], references: [Reference], since: String,
    aliases: [String], sql: String, location: SourceLocation
  ) {
    self.id = id
    self.name = name
    self.pack = pack
    self.title = title
    self.question = question
    self.why = why
    self.remediation = remediation
    self.severity = severity
    self.confidence = confidence
    self.reads = reads
    self.needs = needs
    self.parameters = parameters
    self.references = references
    self.since = since
    self.aliases = aliases
    self.sql = sql
    self.location = location
  }
}

/// A kind of input that a rule cannot do without.
package enum InputNeed: String, Codable, Sendable, Hashable, CaseIterable {
  case manifests
  case certificates
  case accessLogs = "access-logs"
  case register
  case metrics
  case opaDecisions = "opa-decisions"
  /// An earlier run or baseline to compare with.
  case baseline

  /// How a message names what is missing.
  package var text: String {
    switch self {
    case .manifests: "manifests"
    case .certificates: "certificate inventory"
    case .accessLogs: "access logs"
    case .register: "AI system register"
    case .metrics: "metrics"
    case .opaDecisions: "OPA decision logs"
    case .baseline: "baseline"
    }
  }
}
