import MeshModel
import Testing

/// Where collectors write to, by their own configuration.
@Suite struct LogCollectorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var configuration: String
    /// `collector kind address`.
    var sinks: [String]

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "Fluent Bit, classic",
      configuration: """
        [INPUT]
            Name tail
            Host not-an-output.example
        [OUTPUT]
            Name  es
            Match *
            Host  elasticsearch.logging.svc
            Port  9200
            HTTP_Passwd canary
        # [OUTPUT]
        [OUTPUT]
            name   S3
            bucket audit-eu
        [OUTPUT]
            Name stdout
        """,
      sinks: ["fluent-bit es elasticsearch.logging.svc:9200", "fluent-bit s3 audit-eu"]),
    Case(
      name: "Fluent Bit, YAML",
      configuration: """
        pipeline:
          inputs: [{name: tail}]
          outputs:
          - {name: loki, host: "${LOKI_HOST}", port: 3100}
          - {name: http, host: logs.vendor.example, port: 443}
        """,
      sinks: ["fluent-bit loki -", "fluent-bit http logs.vendor.example:443"]),
    Case(
      name: "OpenTelemetry Collector: exporters of logs that a pipeline uses",
      configuration: """
        receivers: {otlp: {}}
        exporters:
          otlp/backup: {endpoint: "https://user:canary@otel.example:4317/v1?x=1"}
          otlphttp: {logs_endpoint: "http://loki.logging.svc:3100/otlp/v1/logs"}
          awss3: {s3uploader: {region: eu-central-1, s3_bucket: audit-eu}}
          debug: {}
          loki: {endpoint: "http://unused.example"}
        service:
          pipelines:
            traces: {exporters: [loki]}
            logs: {exporters: [debug, otlphttp, awss3]}
            logs/audit: {exporters: [otlp/backup]}
        """,
      sinks: [
        "opentelemetry-collector awss3 audit-eu",
        "opentelemetry-collector otlp otel.example:4317",
        "opentelemetry-collector otlphttp loki.logging.svc:3100",
      ]),
    Case(
      name: "Vector, YAML",
      configuration: """
        sources: {pods: {type: kubernetes_logs}}
        sinks:
          out: {type: elasticsearch, inputs: [pods], endpoints: ["https://es.example:9200"]}
          screen: {type: console, inputs: [pods]}
        """,
      sinks: ["vector elasticsearch es.example:9200"]),
    Case(
      name: "Vector, TOML",
      configuration: """
        [sources.pods]
        type = "kubernetes_logs"
        [sinks.archive]
        type="aws_s3"
        bucket = "audit-eu"
        [sinks.archive.encoding]
        codec = "json"
        [sinks.loki]
        type = "loki"
        endpoint = "http://loki:3100"
        """,
      sinks: ["vector aws_s3 audit-eu", "vector loki loki:3100"]),
    Case(
      name: "Promtail",
      configuration: """
        clients:
        - url: http://tenant:canary@loki.logging.svc.cluster.local:3100/loki/api/v1/push
        scrape_configs: []
        """,
      sinks: ["promtail loki loki.logging.svc.cluster.local:3100"]),
    Case(name: "anything else", configuration: "clients: [a, b]\nsinks: {}\n", sinks: []),
    Case(name: "no YAML", configuration: "exporters: {[", sinks: []),
  ]

  @Test(arguments: cases) func outputsAreFound(_ example: Case) {
    let indented = example.configuration.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 }.joined(separator: "\n")
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: collector, namespace: logging}
      data:
        config: |
      \(indented)
      """)
    #expect(diagnostics.isEmpty)
    #expect(
      inventory.kubernetes.logSinks.map { "\($0.collector) \($0.kind) \($0.address ?? "-")" }
        == example.sinks)
    #expect(inventory.kubernetes.logSinks.allSatisfy { $0.location.line == 5 })
    #expect(!"\(inventory.kubernetes.logSinks)".contains("canary"))
  }

  @Test func collectorsOfTheOperatorAreRead() {
    for config in [
      """
          exporters: {otlp: {endpoint: "otel.example:4317"}}
          service: {pipelines: {logs: {exporters: [otlp]}}}
      """,
      """
          |
            exporters: {otlp: {endpoint: "otel.example:4317"}}
            service: {pipelines: {logs: {exporters: [otlp]}}}
      """,
    ] {
      let text =
        config.hasPrefix("    |")
        ? "  config: |\n" + config.split(separator: "\n").dropFirst().joined(separator: "\n")
        : "  config:\n" + config
      let (inventory, _) = readManifests(
        """
        apiVersion: opentelemetry.io/v1beta1
        kind: OpenTelemetryCollector
        metadata: {name: otel, namespace: logging}
        spec:
        \(text)
        """)
      #expect(inventory.kubernetes.logSinks.map(\.address) == ["otel.example:4317"])
    }
  }
}
