package import MeshModel

/// A document that the register refers to: present with its address, or absent with a reason.
package struct DocumentReference: Sendable, Hashable {
  package var uri: String?
  package var sha256: String?
  package var date: String?
  package var reviewBy: String?
  package var reason: String?
  package var version: String?
  package var retentionYears: Int?

  package init(
    uri: String? = nil, sha256: String? = nil, date: String? = nil, reviewBy: String? = nil,
    reason: String? = nil, version: String? = nil, retentionYears: Int? = nil
  ) {
    self.uri = uri
    self.sha256 = sha256
    self.date = date
    self.reviewBy = reviewBy
    self.reason = reason
    self.version = version
    self.retentionYears = retentionYears
  }
}

/// An AI system of the register (`register.yaml`), in the words of Regulation (EU) 2024/1689, Annex VIII.
///
/// Fields that decide something are typed; the whole entry is kept as JSON for rules that read further.
package struct AISystem: Sendable {
  package enum Role: String, Codable, Sendable, Hashable, CaseIterable {
    case provider
    case deployer
    case importer
    case distributor
    case productManufacturer = "product-manufacturer"
  }

  package enum RiskClass: String, Codable, Sendable, Hashable, CaseIterable {
    case prohibited
    case high
    case limited
    case minimal
    case outOfScope = "out-of-scope"
    case unclassified
  }

  package enum Status: String, Sendable, Hashable, CaseIterable {
    case onMarket = "on-market"
    case inService = "in-service"
    case withdrawn
    case recalled
    case planned
  }

  /// Picks the workloads of the system; fields that are set all hold.
  package struct WorkloadSelector: Sendable, Hashable {
    package var cluster: String?
    package var namespace: String?
    package var labels: [String: String]
    /// A SPIFFE ID, `*` allowed at its end.
    package var spiffe: String?
    /// `agent`, `model`, `tool`, `store`, … as the register says it.
    package var kind: String?
    package var location: SourceLocation

    package init(
      cluster: String? = nil, namespace: String? = nil, labels: [String: String] = [:],
      spiffe: String? = nil, kind: String? = nil, location: SourceLocation
    ) {
      self.cluster = cluster
      self.namespace = namespace
      self.labels = labels
      self.spiffe = spiffe
      self.kind = kind
      self.location = location
    }
  }

  /// A declared peer (Annex IV point 1(b)).
  package struct Interaction: Sendable, Hashable {
    /// `ns/<namespace>/sa/<account>` or a SPIFFE ID; nil for an external host.
    package var peer: String?
    package var external: String?
    /// `in` or `out`.
    package var direction: String
    package var purpose: String?
    package var methods: [String]
    package var supplier: String?
    package var location: SourceLocation

    package init(
      peer: String? = nil, external: String? = nil, direction: String, purpose: String? = nil,
      methods: [String] = [], supplier: String? = nil, location: SourceLocation
    ) {
      self.peer = peer
      self.external = external
      self.direction = direction
      self.purpose = purpose
      self.methods = methods
      self.supplier = supplier
      self.location = location
    }
  }

  package var id: String
  package var tradeName: String
  package var reference: String?
  package var status: Status
  package var roles: [Role]
  package var riskClass: RiskClass
  /// `annex-iii` or `annex-i`, for high-risk systems.
  package var classificationRoute: String?
  /// Point of the annex, `5(b)`.
  package var classificationPoint: String?
  package var owner: String?
  package var workloads: [WorkloadSelector]
  package var interactions: [Interaction]
  /// Declared retention of automatically generated logs, in days.
  package var logRetentionDays: Int?
  /// Law that allows or asks for a shorter retention.
  package var logRetentionLegalBasis: String?
  package var logController: String?
  package var logSink: String?
  package var oversightPrincipals: [String]
  package var oversightPersonCount: Int
  /// By name: `technicalDocumentation`, `instructionsForUse`, `riskManagement`, `postMarketPlan`,
  /// `fria`, `dpia`, `workerInformation`, `affectedPersonNotice`, `literacy`.
  package var documents: [String: DocumentReference]
  /// The whole entry.
  package var entry: JSONValue
  package var location: SourceLocation

  package init(
    id: String, tradeName: String, reference: String? = nil, status: Status, roles: [Role],
    riskClass: RiskClass, classificationRoute: String? = nil, classificationPoint: String? = nil,
    owner: String? = nil, workloads: [WorkloadSelector] = [], interactions: [Interaction] = [],
    logRetentionDays: Int? = nil, logRetentionLegalBasis: String? = nil,
    logController: String? = nil, logSink: String? = nil, oversightPrincipals: [String] = [],
    oversightPersonCount: Int = 0, documents: [String: DocumentReference] = [:],
    entry: JSONValue = .object([]), location: SourceLocation
  ) {
    self.id = id
    self.tradeName = tradeName
    self.reference = reference
    self.status = status
    self.roles = roles
    self.riskClass = riskClass
    self.classificationRoute = classificationRoute
    self.classificationPoint = classificationPoint
    self.owner = owner
    self.workloads = workloads
    self.interactions = interactions
    self.logRetentionDays = logRetentionDays
    self.logRetentionLegalBasis = logRetentionLegalBasis
    self.logController = logController
    self.logSink = logSink
    self.oversightPrincipals = oversightPrincipals
    self.oversightPersonCount = oversightPersonCount
    self.documents = documents
    self.entry = entry
    self.location = location
  }
}

/// The AI system register of an organisation.
package struct AIRegister: Sendable {
  package var organisation: JSONValue
  package var systems: [AISystem]
  package var location: SourceLocation

  package init(organisation: JSONValue, systems: [AISystem], location: SourceLocation) {
    self.organisation = organisation
    self.systems = systems
    self.location = location
  }
}
