import DocumentReader
import MeshModel

extension FieldReader {
  /// A reference to another object, `{group, kind, name, namespace}`.
  func linkerdReference(_ name: String) -> LinkerdReference? {
    guard let fields = object(name) else {
      problem(
        "missing-field", "\(path) has no \"\(name)\"", at: location, hint: "set \"\(name)\"")
      return nil
    }
    return LinkerdReferenceReader.read(fields)
  }

  func linkerdReferences(_ name: String) -> [LinkerdReference] {
    objects(name).compactMap(LinkerdReferenceReader.read)
  }
}

/// Reads `{group, kind, name, namespace}`; kind and name are required.
enum LinkerdReferenceReader {
  static func read(_ fields: FieldReader) -> LinkerdReference? {
    let group = fields.string("group")?.value ?? ""
    let namespace = fields.string("namespace")?.value
    let kind = fields.string("kind")
    let name = fields.string("name")
    fields.reportUnknownFields()
    guard let kind, let name else {
      fields.problem(
        "missing-field", "\(fields.path) lacks \"kind\" or \"name\"", at: fields.location,
        hint: "write both")
      return nil
    }
    return LinkerdReference(
      group: group, kind: kind.value, name: name.value, namespace: namespace,
      location: fields.location)
  }
}
