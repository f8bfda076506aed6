import AuditModel
import DocumentReader
import MeshModel

/// Reads `workloads`, the selectors whose union is the system.
enum WorkloadSelectorReader {
  /// The selectors that could be read; one that would pick every workload is refused.
  static func read(_ system: FieldReader) -> [AISystem.WorkloadSelector] {
    system.objects("workloads").compactMap(read(entry:))
  }

  private static func read(entry: FieldReader) -> AISystem.WorkloadSelector? {
    let spiffe = entry.string("spiffe")
    let selector = AISystem.WorkloadSelector(
      cluster: entry.string("cluster")?.value, namespace: entry.string("namespace")?.value,
      labels: entry.stringMap("labels"), spiffe: spiffe?.value, kind: entry.string("kind")?.value,
      location: entry.location)
    entry.reportUnknownFields()
    if let spiffe, let defect = SPIFFEPattern.defect(in: spiffe.value) {
      entry.problem(
        "invalid-spiffe-id",
        "\(entry.name(of: "spiffe")) is \"\(spiffe.value.prefix(120))\": \(defect)",
        at: spiffe.location,
        hint: "expected a SPIFFE ID, with \"*\" at its end for every ID that starts so")
      return nil
    }
    if selector.namespace == nil, selector.labels.isEmpty, selector.spiffe == nil {
      if !entry.hasProblem {
        entry.problem(
          "empty-selector", "\(entry.path) would select every workload", at: entry.location,
          hint: "give \"namespace\", \"labels\" or \"spiffe\"")
      }
      return nil
    }
    // A selector with an unreadable field would select more than was meant.
    return entry.hasProblem ? nil : selector
  }
}

/// A SPIFFE ID, or the beginning of one with `*` at its end.
enum SPIFFEPattern {
  /// What is wrong with `text`, or nil.
  ///
  /// The trust domain is always written out.
  static func defect(in text: String) -> String? {
    guard text.hasSuffix("*") else {
      return text.contains("*")
        ? "\"*\" stands elsewhere than at its end" : SPIFFEID.defect(in: text)
    }
    let prefix = String(text.dropLast())
    if prefix.contains("*") { return "\"*\" stands elsewhere than at its end" }
    if let defect = SPIFFEID.defect(in: prefix + "x") { return defect }
    guard SPIFFEID(prefix + "x")?.path.isEmpty == false else {
      return "its trust domain is not written out"
    }
    return nil
  }

  static func matches(_ pattern: String, _ identity: String) -> Bool {
    pattern.utf8.last == UInt8(ascii: "*")
      ? identity.utf8.starts(with: pattern.utf8.dropLast())
      : identity.utf8.elementsEqual(pattern.utf8)
  }
}
