import DocumentReader

/// The clients of a Promtail: Loki servers that it pushes to (Grafana Loki documentation, Promtail ›
/// Configuration reference, `clients`).
enum PromtailOutputs {
  static func outputs(of document: DocumentNode) -> [CollectorOutput] {
    guard document["scrape_configs"] != nil, let clients = document["clients"]?.items else {
      return []
    }
    return clients.map { client in
      CollectorOutput(
        collector: "promtail", kind: "loki",
        address: CollectorOutput.address(client["url"]?.scalar?.text))
    }
  }
}
