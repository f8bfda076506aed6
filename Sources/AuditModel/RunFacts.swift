package import MeshModel

/// A workload with what the meshes make of it.
package struct WorkloadFact: Sendable {
  package var workload: Workload
  package var dataplane: Dataplane
  /// Why it is taken as that: the label or annotation that decided.
  package var dataplaneReason: String
  /// The identity that its mesh issues to it; nil outside a mesh.
  package var principal: String?
  package var layer: PolicyLayer
  /// Whether its pods have a proxy is read from a Namespace that no manifest describes: `dataplane` is
  /// `none` and stands for not known.
  package var lacksNamespace: Bool

  package init(
    workload: Workload, dataplane: Dataplane, dataplaneReason: String, principal: String?,
    layer: PolicyLayer, lacksNamespace: Bool = false
  ) {
    self.workload = workload
    self.dataplane = dataplane
    self.dataplaneReason = dataplaneReason
    self.principal = principal
    self.layer = layer
    self.lacksNamespace = lacksNamespace
  }
}

/// A setting of a mesh that rules look at, such as `trust_domain` or `outbound_traffic_policy`.
package struct MeshSetting: Sendable, Hashable {
  package var layer: PolicyLayer
  package var name: String
  package var value: String
  /// Nobody wrote it: the mesh's default holds.
  package var isDefault: Bool
  package var location: SourceLocation?

  package init(
    layer: PolicyLayer, name: String, value: String, isDefault: Bool,
    location: SourceLocation? = nil
  ) {
    self.layer = layer
    self.name = name
    self.value = value
    self.isDefault = isDefault
    self.location = location
  }
}

/// The decision of the given policies on an observed request.
package struct ObservedDecision: Sendable {
  package var key: ObservedRequestKey
  /// Its row in the store, where it was read from there.
  package var requestID: Int64?
  package var decision: Decision
  package var decidedBy: String?
  /// The ALLOW rule that grants it, as `PolicyFact.Rule.reportedID` names it.
  package var grantedBy: String?
  package var reason: String?
  package var layer: PolicyLayer

  package init(
    key: ObservedRequestKey, decision: Decision, decidedBy: String?, grantedBy: String? = nil,
    reason: String?, layer: PolicyLayer
  ) {
    self.key = key
    self.decision = decision
    self.decidedBy = decidedBy
    self.grantedBy = grantedBy
    self.reason = reason
    self.layer = layer
  }
}

/// An AI system's workload.
package struct AISystemMember: Sendable, Hashable {
  package var systemID: String
  package var workload: WorkloadID
  package var kind: String?

  package init(systemID: String, workload: WorkloadID, kind: String?) {
    self.systemID = systemID
    self.workload = workload
    self.kind = kind
  }
}

/// Everything that is known of a run before rules look at it.
///
/// The store writes it in one transaction.
package struct RunFacts: Sendable {
  package var inventory: MeshInventory
  package var workloads: [WorkloadFact]
  package var ports: [WorkloadPortFact]
  package var policies: [PolicyFact]
  package var graph: AccessGraph
  package var settings: [MeshSetting]
  package var telemetry: [WorkloadTelemetryFact]
  package var istio = IstioFacts()
  /// What does not do what it seems to say.
  package var lints: [MeshLint] = []
  /// What external authorizers decided.
  package var externalDecisions: [ExternalDecision] = []
  /// What the configuration changes; nil outside a gate.
  package var change: ConfigurationChange?
  /// Whether counters of calls were given, in this run or in the ones before it.
  package var hasCounters = false
  /// Where log collectors and the meshes' own providers write to.
  package var logSinks: [LogSinkFact] = []
  /// What accounts may do with the objects of the cluster.
  package var roleGrants: [RoleGrantFact] = []
  /// Who may call the stop endpoints of AI systems.
  package var stopPaths: [StopPathFact] = []
  /// Signed evidence of earlier runs that was given.
  package var evidence: [EvidenceFact] = []
  /// Memory and latency of proxies, by their own metrics.
  package var metricSamples: [MetricSample] = []
  /// How far lines of both sides of requests were joined.
  package var pairCoverage = PairCoverage()
  /// With the way of each to an anchor.
  package var certificates: CertificateStock
  package var privateKeys: [PrivateKeySighting]
  package var register: AIRegister?
  package var members: [AISystemMember]
  package var observedDecisions: [ObservedDecision]
  /// What ALLOW rules grant at watched workloads, and what of it was used.
  package var operationUsage = OperationUsage()
  package var redundantRules: [RedundantRule] = []
  package var inputs: [InputRecord]
  package var diagnostics: [Diagnostic]
  /// Whether logs or counters showed traffic, in this run or in the ones before it.
  package var hasTraffic: Bool
  /// The entries of SPIRE servers.
  package var registrationEntries: [SPIRERegistrationEntry]
  /// What SPIRE issues to which workload.
  package var registrations: [WorkloadRegistration] = []
  package var bundleKeys: [TrustBundleKey] = []
  package var tokens: [JWTSVID] = []
  package var revocationLists: [RevocationList] = []

  package init(
    inventory: MeshInventory, workloads: [WorkloadFact], ports: [WorkloadPortFact],
    policies: [PolicyFact], graph: AccessGraph, settings: [MeshSetting],
    telemetry: [WorkloadTelemetryFact], certificates: CertificateStock,
    privateKeys: [PrivateKeySighting], register: AIRegister?, members: [AISystemMember],
    observedDecisions: [ObservedDecision], inputs: [InputRecord], diagnostics: [Diagnostic],
    hasTraffic: Bool,
    registrationEntries: [SPIRERegistrationEntry] = []
  ) {
    self.inventory = inventory
    self.workloads = workloads
    self.ports = ports
    self.policies = policies
    self.graph = graph
    self.settings = settings
    self.telemetry = telemetry
    self.certificates = certificates
    self.privateKeys = privateKeys
    self.register = register
    self.members = members
    self.observedDecisions = observedDecisions
    self.inputs = inputs
    self.diagnostics = diagnostics
    self.hasTraffic = hasTraffic
    self.registrationEntries = registrationEntries
  }
}
