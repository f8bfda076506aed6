import KubernetesPolicy
import LinkerdPolicy
import MeshModel

/// What a question needs of a workload, found once; a reference, so that a question copies one word.
final class AccessPlace: Sendable {
  let workload: WorkloadID
  let layer: PolicyLayer
  let dataplane: Dataplane
  let dataplaneReason: String
  /// The identity that its mesh issues to it; nil outside a mesh.
  let principal: String?
  let linkerd: PreparedLinkerdPod?
  let network: NetworkPolicyModel.Subject?
  /// Of a workload that runs outside the cluster (ExternalWorkload): the first of its addresses.
  let outsideAddress: IPAddress?
  /// As in `WorkloadFact`.
  let lacksNamespace: Bool

  init(
    workload: WorkloadID, layer: PolicyLayer, dataplane: Dataplane, dataplaneReason: String,
    principal: String?, linkerd: PreparedLinkerdPod?, network: NetworkPolicyModel.Subject? = nil,
    outsideAddress: IPAddress? = nil, lacksNamespace: Bool = false
  ) {
    self.workload = workload
    self.layer = layer
    self.dataplane = dataplane
    self.dataplaneReason = dataplaneReason
    self.principal = principal
    self.linkerd = linkerd
    self.network = network
    self.outsideAddress = outsideAddress
    self.lacksNamespace = lacksNamespace
  }
}

/// The places that share one identity; a reference, so that a question copies one word.
final class AccessIdentity: Sendable {
  let places: [AccessPlace]
  /// Their pods as network policies see them.
  let subjects: [NetworkPolicyModel.Subject]

  init(_ places: [AccessPlace]) {
    self.places = places
    subjects = places.compactMap(\.network)
  }
}
