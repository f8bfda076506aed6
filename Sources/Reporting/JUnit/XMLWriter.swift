import CXMLShim

/// Writes an XML document through libxml2's `xmlTextWriter`.
///
/// Text is cleaned to XML 1.0 characters first, because the writer would pass others through and end up
/// with a document that is not well-formed. A failure is kept and thrown by `finish`.
final class XMLWriter {
  private let writer: OpaquePointer
  private var hasFailed = false
  private var piecesAgo = 0

  init() throws(ReportingError) {
    guard let writer = mesh_xml_writer_create() else { throw XMLWriter.failure }
    self.writer = writer
  }

  deinit { mesh_xml_writer_destroy(writer) }

  /// An element with its attributes and whatever `content` writes.
  func element(
    _ name: String, _ attributes: [(name: String, value: String)] = [], content: () -> Void = {}
  ) {
    note(mesh_xml_writer_start(writer, name))
    for attribute in attributes {
      note(
        mesh_xml_writer_attribute(writer, attribute.name, VisibleText.xml(attribute.value)))
    }
    content()
    note(mesh_xml_writer_end(writer))
  }

  func text(_ text: String) { note(mesh_xml_writer_text(writer, VisibleText.xml(text))) }

  /// Hands over what was written so far, once it is worth it.
  func writePiece(to output: ReportOutput) {
    piecesAgo += 1
    guard piecesAgo >= Self.elementsPerPiece else { return }
    piecesAgo = 0
    var count = 0
    guard let bytes = mesh_xml_writer_peek(writer, &count) else {
      hasFailed = true
      return
    }
    output.write(Array(UnsafeBufferPointer(start: bytes, count: count)))
    mesh_xml_writer_forget(writer)
  }

  private static let elementsPerPiece = 100

  /// Ends the document and returns its bytes, or those that were not handed over.
  func finish() throws(ReportingError) -> [UInt8] {
    var count = 0
    guard !hasFailed, let bytes = mesh_xml_writer_finish(writer, &count) else {
      throw XMLWriter.failure
    }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private func note(_ status: Int32) {
    if status != 0 { hasFailed = true }
  }

  private static var failure: ReportingError {
    ReportingError(
      code: "xml-writer", message: "libxml2 could not write the document; is memory short?")
  }
}
