package import DocumentReader
package import MeshModel

/// Turns the document of one kind into its typed form.
///
/// One file for each kind; register it in the list of its group (`KubernetesDecoders`,
/// `IstioDecoders`, …).
package protocol ResourceDecoder: Sendable {
  /// The kinds it reads, all served versions alike.
  static var kinds: [ResourceKind] { get }
  /// Reads `object` and adds what it found. Problems go to the object's sink.
  static func decode(_ object: ResourceObject, into contents: inout ManifestContents)
}

/// One resource on its way to its decoder.
package struct ResourceObject {
  package let metadata: ResourceMetadata
  /// The whole document with `spec`, `status`, `data` and all else.
  package let fields: FieldReader

  /// The `spec`, or an empty object with the document's location when there is none.
  package let spec: FieldReader

  package init(metadata: ResourceMetadata, fields: FieldReader) {
    self.metadata = metadata
    self.fields = fields
    spec =
      fields.object("spec")
      ?? FieldReader(
        DocumentNode(.mapping([]), at: metadata.location), path: "spec", sink: fields.sink,
        parent: fields)
  }
}
