package import MeshModel

/// The rule packs and frameworks that are compiled into the binary: the tree `rules/`.
package enum RulePacks {
  /// Every file of the tree, sorted by path.
  package static var files: [EmbeddedFile] { EmbeddedFile.decode(encoded) }
}
