import MeshModel

/// Reads `v1 Namespace`.
enum NamespaceDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "Namespace")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    contents.inventory.kubernetes.namespaces.append(Namespace(metadata: object.metadata))
  }
}
