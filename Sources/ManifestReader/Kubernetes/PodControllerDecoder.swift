import DocumentReader
import MeshModel

/// Reads the controllers that run pods: Deployment, StatefulSet, DaemonSet, ReplicaSet,
/// ReplicationController, Job and CronJob.
enum PodControllerDecoder: ResourceDecoder {
  static let kinds =
    ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map {
      ResourceKind(group: "apps", kind: $0)
    } + [
      ResourceKind(group: "", kind: "ReplicationController"),
      ResourceKind(group: "batch", kind: "Job"), ResourceKind(group: "batch", kind: "CronJob"),
      ResourceKind(group: "argoproj.io", kind: "Rollout"),
    ]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let holder =
      object.metadata.reference.kind.kind == "CronJob"
      ? object.spec.object("jobTemplate")?.object("spec") : object.spec
    guard let template = holder?.object("template"), let pod = template.object("spec") else {
      object.fields.problem(
        "missing-template", "\(object.metadata.reference.text) has no pod template",
        at: object.metadata.location, hint: "its pods are not part of the audit")
      return
    }
    contents.controllers.append(
      PodController(
        metadata: object.metadata,
        template: PodTemplateReader.template(metadata: template.object("metadata"), spec: pod),
        replicas: object.spec.int("replicas")?.value,
        owner: OwnerReader.owner(of: object), instance: nil))
  }
}

/// Reads `metadata.ownerReferences`.
enum OwnerReader {
  static func owner(of object: ResourceObject) -> PodController.Owner? {
    let references = object.fields.object("metadata")?.objects("ownerReferences") ?? []
    let controlling = references.first { $0.bool("controller")?.value == true } ?? references.first
    guard let controlling, let kind = controlling.string("kind"),
      let name = controlling.string("name")
    else { return nil }
    return PodController.Owner(kind: kind.value, name: name.value)
  }
}
