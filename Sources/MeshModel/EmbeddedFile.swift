/// A file that is compiled into the binary, or read from a folder that stands in for it.
package struct EmbeddedFile: Hashable, Sendable {
  /// Path inside the tree, with `/`.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// The contents as UTF-8.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Decodes what the build wrote, sorted by path.
  package static func decode(_ encoded: [(path: String, base64: String)]) -> [EmbeddedFile] {
    encoded.map { EmbeddedFile(path: $0.path, bytes: Base64.decoded($0.base64) ?? []) }
      .sorted { $0.path < $1.path }
  }
}
