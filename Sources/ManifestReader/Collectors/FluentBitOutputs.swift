import DocumentReader

/// Outputs of Fluent Bit, in its classic format and in YAML (Fluent Bit manual, Administration ›
/// Configuring Fluent Bit).
enum FluentBitOutputs {
  private static let collector = "fluent-bit"
  /// Outputs that keep nothing (Fluent Bit manual, Data Pipeline › Outputs).
  private static let keepsNothing: Set<String> = [
    "null", "stdout", "counter", "exit", "flowcounter",
  ]

  /// Sections `[OUTPUT]` with one key and value a line; keys are the same in any case.
  static func outputs(ofClassic text: String) -> [CollectorOutput] {
    var outputs: [CollectorOutput] = []
    var section: [String: String]?
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        if let section { outputs += output(section) }
        section = line.lowercased().hasPrefix("[output]") ? [:] : nil
        continue
      }
      guard section != nil, let space = line.firstIndex(where: \.isWhitespace) else { continue }
      let value = line[space...].drop(while: \.isWhitespace)
      section?[line[..<space].lowercased()] = String(
        value.reversed().drop(while: \.isWhitespace).reversed())
    }
    if let section { outputs += output(section) }
    return outputs
  }

  static func outputs(of document: DocumentNode) -> [CollectorOutput] {
    (document["pipeline"]?["outputs"]?.items ?? []).flatMap { item in
      var section: [String: String] = [:]
      for entry in item.entries ?? [] { section[entry.key.lowercased()] = entry.value.scalar?.text }
      return output(section)
    }
  }

  private static func output(_ section: [String: String]) -> [CollectorOutput] {
    guard let kind = section["name"]?.lowercased(), !keepsNothing.contains(kind) else { return [] }
    let bucket = section["bucket"] ?? section["container_name"]
    let host = section["host"] ?? section["uri"] ?? section["endpoint"] ?? section["url"]
    var address = bucket.flatMap { $0.contains("${") ? nil : $0 } ?? CollectorOutput.address(host)
    if bucket == nil, let found = address, !found.contains(":"), let port = section["port"] {
      address = "\(found):\(port)"
    }
    return [CollectorOutput(collector: collector, kind: kind, address: address)]
  }
}
