import MeshModel

/// Reads `v1 ServiceAccount`.
enum ServiceAccountDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "ServiceAccount")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    contents.inventory.kubernetes.serviceAccounts.append(
      ServiceAccount(metadata: object.metadata))
  }
}
