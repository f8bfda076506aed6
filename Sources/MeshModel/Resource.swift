/// Group and kind of a Kubernetes resource; versions of one kind are read alike.
package struct ResourceKind: Hashable, Sendable {
  /// API group, empty for the core group.
  package var group: String
  package var kind: String

  package init(group: String, kind: String) {
    self.group = group
    self.kind = kind
  }
}

extension ResourceKind: Comparable {
  package static func < (left: ResourceKind, right: ResourceKind) -> Bool {
    (left.group, left.kind) < (right.group, right.kind)
  }
}

/// Names one resource: kind, namespace (empty when cluster-scoped) and name.
package struct ResourceReference: Hashable, Sendable {
  package var kind: ResourceKind
  package var namespace: String
  package var name: String

  package init(kind: ResourceKind, namespace: String, name: String) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  /// `AuthorizationPolicy agents/planner`, as messages name it; the kind alone where a file gives no name.
  package var text: String {
    if name.isEmpty { return kind.kind }
    return namespace.isEmpty ? "\(kind.kind) \(name)" : "\(kind.kind) \(namespace)/\(name)"
  }
}

extension ResourceReference: Comparable {
  package static func < (left: ResourceReference, right: ResourceReference) -> Bool {
    (left.kind, left.namespace, left.name) < (right.kind, right.namespace, right.name)
  }
}

/// What every resource says of itself, and where it stands.
package struct ResourceMetadata: Hashable, Sendable {
  package var reference: ResourceReference
  /// `v1beta1` of `security.istio.io/v1beta1`.
  package var version: String
  package var labels: [String: String]
  package var annotations: [String: String]
  /// Absent in manifests that were never applied.
  package var creationTimestamp: UTCTime?
  /// The start of the document, or of the item inside a List.
  package var location: SourceLocation

  package var namespace: String { reference.namespace }
  package var name: String { reference.name }

  package init(
    reference: ResourceReference, version: String = "v1", labels: [String: String] = [:],
    annotations: [String: String] = [:], creationTimestamp: UTCTime? = nil,
    location: SourceLocation
  ) {
    self.reference = reference
    self.version = version
    self.labels = labels
    self.annotations = annotations
    self.creationTimestamp = creationTimestamp
    self.location = location
  }
}

/// Any resource as it was read, whether or not its kind is known.
///
/// Values of Secrets are never here: the reader replaces them by their length.
package struct Resource: Sendable {
  package var metadata: ResourceMetadata
  /// The whole `spec` (or for kinds without one all top-level fields but metadata and status).
  package var spec: JSONValue
  /// Problems were found in this resource; what depends on it may be incomplete.
  package var isIncomplete: Bool

  package init(metadata: ResourceMetadata, spec: JSONValue, isIncomplete: Bool = false) {
    self.metadata = metadata
    self.spec = spec
    self.isIncomplete = isIncomplete
  }
}

/// A typed resource of one kind.
package protocol MeshResource: Sendable {
  var metadata: ResourceMetadata { get }
}

extension MeshResource {
  package var reference: ResourceReference { metadata.reference }
  package var namespace: String { metadata.reference.namespace }
  package var name: String { metadata.reference.name }
  package var location: SourceLocation { metadata.location }
}

extension Sequence where Element: MeshResource {
  /// Oldest first, then by name, then by namespace: the order in which Istio and Kubernetes break
  /// ties.
  ///
  /// A manifest without a timestamp sorts by name alone, after those that have one.
  package func oldestFirst() -> [Element] {
    sorted { left, right in
      let (first, second) = (left.metadata, right.metadata)
      switch (first.creationTimestamp, second.creationTimestamp) {
      case (let a?, let b?) where a != b: return a < b
      case (.some, nil): return true
      case (nil, .some): return false
      default: return (first.name, first.namespace) < (second.name, second.namespace)
      }
    }
  }
}
