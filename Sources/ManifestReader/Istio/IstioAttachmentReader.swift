import DocumentReader
import MeshModel

/// Reads how Istio policies pick proxies: `selector`, `workloadSelector`, `targetRef` and
/// `targetRefs`.
enum IstioAttachmentReader {
  static func attachment(_ spec: FieldReader) -> IstioAttachment {
    var references = spec.objects("targetRefs")
    if references.isEmpty, let single = spec.object("targetRef") { references = [single] }
    let attachment = IstioAttachment(
      selector: selector(spec, "selector"), targets: references.compactMap(target))
    if attachment.selector != nil, let target = attachment.targets.first {
      spec.problem(
        "selector-and-target", "\(spec.path) has both \"selector\" and \"targetRefs\"",
        at: target.location, hint: "keep one; Istio refuses the policy")
    }
    return attachment
  }

  /// `selector.matchLabels`; for networking kinds `workloadSelector.labels` is the same under
  /// another name.
  static func selector(_ spec: FieldReader, _ name: String, labels: String = "matchLabels")
    -> LabelSelector?
  {
    guard let fields = spec.object(name) else { return nil }
    let selector = LabelSelector(matchLabels: fields.stringMap(labels))
    for (key, value) in selector.matchLabels where key.contains("*") || value.contains("*") {
      fields.problem(
        "wildcard-in-selector", "\(fields.path) has a wildcard in label \"\(key)\"",
        at: fields.location, hint: "labels are compared as they are; name each workload's labels")
    }
    fields.reportUnknownFields()
    return selector
  }

  private static func target(_ fields: FieldReader) -> IstioTargetReference? {
    defer { fields.reportUnknownFields() }
    guard let kind = fields.string("kind"), let name = fields.string("name") else {
      fields.problem(
        "incomplete-target", "\(fields.path) lacks \"kind\" or \"name\"", at: fields.location,
        hint: "name the Gateway, Service, ServiceEntry or GatewayClass that the policy is for")
      return nil
    }
    return IstioTargetReference(
      group: fields.string("group")?.value ?? "", kind: kind.value, name: name.value,
      namespace: fields.string("namespace")?.value, location: fields.location)
  }
}
