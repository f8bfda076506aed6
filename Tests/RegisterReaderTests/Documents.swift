import DocumentReader
import MeshModel

/// One YAML document and what a reader reported of it.
struct Reading {
  let node: DocumentNode
  let sink = DiagnosticSink()

  init(_ yaml: String) throws {
    let sink = DiagnosticSink()
    let documents = YAMLDocuments.read(yaml, path: "f.yaml", into: sink)
    guard sink.diagnostics.isEmpty, let first = documents.first, documents.count == 1 else {
      throw Unreadable(diagnostics: sink.diagnostics)
    }
    node = first
  }

  struct Unreadable: Error {
    var diagnostics: [Diagnostic]
  }

  /// `12:5 code` for each diagnostic, in order.
  var codes: [String] {
    sink.diagnostics.map {
      "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)"
    }
  }
}
