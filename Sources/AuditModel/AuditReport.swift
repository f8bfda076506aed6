package import MeshModel

/// One run, whole: the single snapshot from which every report is rendered, so that all numbers on
/// all pages agree.
///
/// Lists are sorted; rendering adds nothing and leaves nothing out.
package struct AuditReport: Codable, Sendable {
  /// Which run this is and with what it was made.
  package struct RunInfo: Codable, Sendable, Hashable {
    /// Derived from the inputs and `asOf`, so that equal runs have equal ids.
    package var id: String
    package var sequence: Int
    package var toolVersion: String
    /// The moment that the audit speaks of: `--as-of`, else the start of the run.
    package var asOf: UTCTime
    package var startedAt: UTCTime
    package var finishedAt: UTCTime
    /// SHA-256 over the rule packs that were used.
    package var rulesDigest: String
    /// The command line, without values that could be secret.
    package var arguments: [String]
    package var failOn: Severity?
    package var cluster: String

    package init(
      id: String, sequence: Int, toolVersion: String, asOf: UTCTime, startedAt: UTCTime,
      finishedAt: UTCTime, rulesDigest: String, arguments: [String], failOn: Severity?,
      cluster: String
    ) {
      self.id = id
      self.sequence = sequence
      self.toolVersion = toolVersion
      self.asOf = asOf
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.rulesDigest = rulesDigest
      self.arguments = arguments
      self.failOn = failOn
      self.cluster = cluster
    }
  }

  /// What was looked at.
  package struct Scope: Codable, Sendable, Hashable {
    package struct NamespaceLine: Codable, Sendable, Hashable {
      package var name: String
      package var workloadCount: Int
      /// Workloads whose traffic is enforced by a mesh.
      package var meshedCount: Int
      /// Workloads with at least one observed request as destination.
      package var observedCount: Int
      package var grantCount: Int
      /// Workloads of which only the missing Namespace would tell whether they have a proxy; nil in
      /// snapshots that do not know them.
      package var undeterminedCount: Int?

      package init(
        name: String, workloadCount: Int, meshedCount: Int, observedCount: Int, grantCount: Int,
        undeterminedCount: Int? = 0
      ) {
        self.name = name
        self.workloadCount = workloadCount
        self.meshedCount = meshedCount
        self.observedCount = observedCount
        self.grantCount = grantCount
        self.undeterminedCount = undeterminedCount
      }
    }

    package var namespaces: [NamespaceLine]
    package var workloadCount: Int
    package var identityCount: Int
    package var policyCount: Int
    package var certificateCount: Int
    package var observedRequestCount: Int
    /// Requests whose source was known from a verified identity.
    package var verifiedRequestCount: Int
    package var trafficFirst: UTCTime?
    package var trafficLast: UTCTime?
    /// Access edges by outcome.
    package var edgeCounts: [Reach.Outcome: Int]

    package init(
      namespaces: [NamespaceLine], workloadCount: Int, identityCount: Int, policyCount: Int,
      certificateCount: Int, observedRequestCount: Int, verifiedRequestCount: Int,
      trafficFirst: UTCTime?, trafficLast: UTCTime?, edgeCounts: [Reach.Outcome: Int]
    ) {
      self.namespaces = namespaces
      self.workloadCount = workloadCount
      self.identityCount = identityCount
      self.policyCount = policyCount
      self.certificateCount = certificateCount
      self.observedRequestCount = observedRequestCount
      self.verifiedRequestCount = verifiedRequestCount
      self.trafficFirst = trafficFirst
      self.trafficLast = trafficLast
      self.edgeCounts = edgeCounts
    }
  }

  /// An AI system as far as the report tells it.
  package struct SystemLine: Codable, Sendable, Hashable {
    package var id: String
    package var tradeName: String
    package var riskClass: AISystem.RiskClass
    package var roles: [AISystem.Role]
    package var route: String?
    package var owner: String?
    package var workloads: [String]

    package init(
      id: String, tradeName: String, riskClass: AISystem.RiskClass, roles: [AISystem.Role],
      route: String?, owner: String?, workloads: [String]
    ) {
      self.id = id
      self.tradeName = tradeName
      self.riskClass = riskClass
      self.roles = roles
      self.route = route
      self.owner = owner
      self.workloads = workloads
    }
  }

  /// A finished run before this one, for the trend; oldest first.
  package struct HistoryLine: Codable, Sendable, Hashable {
    package var runID: String
    package var asOf: UTCTime
    package var failCounts: [Severity: Int]
    package var notAssessedRuleCount: Int

    package init(
      runID: String, asOf: UTCTime, failCounts: [Severity: Int], notAssessedRuleCount: Int
    ) {
      self.runID = runID
      self.asOf = asOf
      self.failCounts = failCounts
      self.notAssessedRuleCount = notAssessedRuleCount
    }
  }

  package var run: RunInfo
  package var scope: Scope
  package var inputs: [InputRecord]
  package var diagnostics: [Diagnostic]
  /// What was assumed because no input says it, for example the mesh's version.
  package var assumptions: [String]
  /// All rules that were selected, in order of id.
  package var rules: [Rule]
  /// All results of all statuses, in `Finding.isBefore` order.
  package var findings: [Finding]
  package var frameworks: [Framework]
  package var systems: [SystemLine]
  package var waivers: [Waiver]
  package var history: [HistoryLine]
  /// Nil when no certificate was met, and in reports of versions that had no such chapter.
  package var certificates: CertificateOverview?
  /// Nil without traffic, and in reports of versions that had no such chapter.
  package var use: AccessUse?
  /// Nil when nothing was observed, and in reports of versions that had no such chapter.
  package var traffic: TrafficOverview?
  /// Nil in reports of versions that had no such chapter.
  package var meshes: MeshComparison?

  package init(
    run: RunInfo, scope: Scope, inputs: [InputRecord], diagnostics: [Diagnostic],
    assumptions: [String], rules: [Rule], findings: [Finding], frameworks: [Framework],
    systems: [SystemLine], waivers: [Waiver], history: [HistoryLine],
    certificates: CertificateOverview? = nil, use: AccessUse? = nil
  ) {
    self.run = run
    self.scope = scope
    self.inputs = inputs
    self.diagnostics = diagnostics
    self.assumptions = assumptions
    self.rules = rules
    self.findings = findings
    self.frameworks = frameworks
    self.systems = systems
    self.waivers = waivers
    self.history = history
    self.certificates = certificates
    self.use = use
  }
}
