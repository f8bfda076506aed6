import DocumentReader
import MeshModel

/// JSON text out of a column of a view.
enum StoredJSON {
  /// Null where the text is no JSON.
  static func value(_ text: String) -> JSONValue {
    JSONDocuments.read(text, path: "", into: DiagnosticSink()).first?.json ?? .null
  }
}
