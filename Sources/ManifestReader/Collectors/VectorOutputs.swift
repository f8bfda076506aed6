import DocumentReader

/// Sinks of Vector, in YAML and in TOML (Vector documentation, Reference › Configuration › Sinks).
enum VectorOutputs {
  /// Sinks that keep nothing.
  private static let keepsNothing: Set<String> = ["blackhole", "console"]
  private static let addressKeys = ["endpoint", "address", "uri", "url", "bootstrap_servers"]

  static func outputs(of document: DocumentNode) -> [CollectorOutput] {
    guard document["sources"] != nil, let sinks = document["sinks"]?.entries else { return [] }
    return sinks.flatMap { sink in
      var values: [String: String] = [:]
      for entry in sink.value.entries ?? [] {
        values[entry.key] = entry.value.scalar?.text ?? entry.value.items?.first?.scalar?.text
      }
      return output(values)
    }
  }

  /// Tables `[sinks.NAME]` with `key = "value"`; of an array the first value.
  static func outputs(ofTables text: String) -> [CollectorOutput] {
    var outputs: [CollectorOutput] = []
    var table: [String: String]?
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("[") {
        if let table { outputs += output(table) }
        let name = line.dropFirst().prefix { $0 != "]" }
        // A table below a sink (`[sinks.s3.encoding]`) is no sink.
        let parts = name.split(separator: ".")
        table = parts.count == 2 && parts[0] == "sinks" ? [:] : nil
        continue
      }
      guard table != nil, let equals = line.firstIndex(of: "=") else { continue }
      let key = line[..<equals].filter { !$0.isWhitespace }
      let parts = line[line.index(after: equals)...]
        .split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      table?[String(key)] = String(parts[1])
    }
    if let table { outputs += output(table) }
    return outputs
  }

  private static func output(_ values: [String: String]) -> [CollectorOutput] {
    guard let kind = values["type"], !keepsNothing.contains(kind) else { return [] }
    let bucket = (values["bucket"] ?? values["container_name"]).flatMap {
      $0.contains("${") ? nil : $0
    }
    let place = addressKeys.lazy.compactMap { values[$0] }.first ?? values["endpoints"]
    // An own endpoint says where the bucket lies.
    return [
      CollectorOutput(
        collector: "vector", kind: kind,
        address: CollectorOutput.address(place) ?? bucket)
    ]
  }
}
