import AuditModel
import DocumentReader
import MeshModel

/// Reads a reference to a document: an address with what is known of it, or null with a reason.
enum DocumentReferenceReader {
  /// The reference under `field`; nil when it is absent or null.
  ///
  /// - Parameter extra: reads further fields that only this document has.
  static func read(
    _ field: String, in parent: FieldReader, extra: (FieldReader) -> Void = { _ in }
  ) -> DocumentReference? {
    guard let fields = parent.object(field) else { return nil }
    let uri = fields.string("uri")
    let reference = DocumentReference(
      uri: uri?.value, sha256: fields.sha256("sha256"), date: fields.day("date")?.value.dayText,
      reviewBy: fields.day("reviewBy")?.value.dayText, reason: fields.string("reason")?.value,
      version: fields.string("version")?.value,
      retentionYears: fields.count("retentionYears")?.value)
    extra(fields)
    fields.reportUnknownFields()
    if let uri, uri.value.isEmpty {
      fields.problem(
        "missing-field", "\(fields.name(of: "uri")) is empty", at: uri.location,
        hint: "give the address of the document, or \"uri: null\" with a \"reason\"")
    } else if uri == nil, fields.raw("uri") == nil, isBlank(reference.reason) {
      fields.problem(
        "missing-reason", "\(fields.path) has neither \"uri\" nor \"reason\"", at: fields.location,
        hint: "give the address of the document, or \"uri: null\" with a \"reason\"")
    }
    if uri == nil, reference.sha256 != nil {
      fields.problem(
        "digest-without-document", "\(fields.path) has a \"sha256\" but no \"uri\"",
        at: fields.location, hint: "give the address of the document that has this digest")
    }
    return reference
  }

  private static func isBlank(_ text: String?) -> Bool {
    text?.allSatisfy(\.isWhitespace) ?? true
  }
}
