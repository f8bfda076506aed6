package import MeshModel

/// Style sheets and schemas that are compiled into the binary: the tree `reports/`.
package enum ReportTemplates {
  /// Every file of the tree, sorted by path.
  package static var files: [EmbeddedFile] { EmbeddedFile.decode(encoded) }
}
