/// An entry of `targetRefs` (Istio API `type.istio.io/v1beta1 PolicyTargetReference`).
package struct IstioTargetReference: Hashable, Sendable {
  /// Empty or `core` for a Service.
  package var group: String
  package var kind: String
  package var name: String
  /// Cross-namespace references never match (Istio pilot/pkg/model/policyattachment.go).
  package var namespace: String?
  package var location: SourceLocation

  package init(
    group: String, kind: String, name: String, namespace: String? = nil, location: SourceLocation
  ) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
    self.location = location
  }
}

/// How a policy picks the proxies that it configures.
package struct IstioAttachment: Hashable, Sendable {
  /// `selector.matchLabels`; nil without a selector.
  package var selector: LabelSelector?
  /// `targetRefs`, or the legacy single `targetRef`.
  package var targets: [IstioTargetReference]

  package init(selector: LabelSelector? = nil, targets: [IstioTargetReference] = []) {
    self.selector = selector
    self.targets = targets
  }
}
