package import MeshModel

/// Whether a caller may ask for the stop endpoint of an AI system, at one port of its workload.
package struct StopPathFact: Sendable, Hashable {
  package var systemID: String
  /// What the source is: a kind of the access graph, or `identity` for an oversight principal that no
  /// workload carries.
  package var sourceKind: String
  package var source: String
  package var principal: String?
  package var workload: WorkloadID?
  /// It is among the oversight principals of the system.
  package var isOverseer: Bool
  package var port: Int
  package var decision: Decision
  package var decidedBy: String?
  package var reason: String?

  package init(
    systemID: String, sourceKind: String, source: String, principal: String?,
    workload: WorkloadID?, isOverseer: Bool, port: Int, decision: Decision, decidedBy: String?,
    reason: String?
  ) {
    self.systemID = systemID
    self.sourceKind = sourceKind
    self.source = source
    self.principal = principal
    self.workload = workload
    self.isOverseer = isOverseer
    self.port = port
    self.decision = decision
    self.decidedBy = decidedBy
    self.reason = reason
  }
}
