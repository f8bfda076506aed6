package import AuditModel
import KubernetesPolicy
import LinkerdPolicy
import MeshModel

extension AccessModel {
  /// Configurations that do not do what they seem to say, sorted by id, subject and place.
  package func lints() -> [MeshLint] {
    let found =
      linkerd.lints()
      + linkerd.networkPolicyLints { network.acceptsSomeIngress($0, port: $1) }
      + linkerd.egressLints { network.isGoverned($0, .egress) }
    return found.map {
      MeshLint(
        id: $0.id, subject: $0.subject, message: $0.message, detail: $0.detail,
        location: $0.location)
    }
    .sorted {
      ($0.id, $0.subject, $0.location, $0.message) < ($1.id, $1.subject, $1.location, $1.message)
    }
  }
}
