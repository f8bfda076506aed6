package import MeshModel

/// One span, with what is read of it.
package struct TraceSpan: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case server
    case client
    case other
  }

  package var trace = ""
  package var id = ""
  package var parent = ""
  package var kind = Kind.other
  /// Nanoseconds since 1970.
  package var start: Int64 = 0
  /// Attributes of the span that are read, by name.
  package var attributes: [String: String] = [:]
  /// Index into `TraceFile.processes`.
  package var process = -1
  package var isAgentic = false

  /// Takes an attribute, or leaves it.
  mutating func take(_ key: String, _ value: String) {
    if TraceAttributes.isAgentic(key) { isAgentic = true }
    if TraceAttributes.span.contains(key) { attributes[key] = value }
  }

  /// Microseconds as text; 0 for what is no time.
  static func nanoseconds(micros text: String?) -> Int64 {
    let micros = text.flatMap { Int64($0) } ?? 0
    return micros > 0 && micros < .max / 1000 ? micros * 1000 : 0
  }
}

/// Gives equal processes of a file one place.
struct TraceProcessIndex {
  private var indices: [TraceProcess: Int] = [:]

  mutating func index(of process: TraceProcess, in file: inout TraceFile) -> Int {
    if let index = indices[process] { return index }
    file.processes.append(process)
    indices[process] = file.processes.count - 1
    return file.processes.count - 1
  }
}

/// Who made spans: the attributes of an OpenTelemetry resource or a Jaeger process.
package struct TraceProcess: Hashable, Sendable {
  package var serviceName = ""
  package var attributes: [String: String] = [:]
}

/// What a file of traces held.
package struct TraceFile: Sendable {
  package var format: String
  package var spans: [TraceSpan] = []
  package var processes: [TraceProcess] = []
  package var rejectedCount = 0
  package var diagnostics: [Diagnostic] = []
  /// Why nothing of the file can be used.
  package var failure: String?

  package var recordCount: Int { spans.count }

  init(format: String) { self.format = format }

  package var firstTime: UTCTime? { spans.map(\.start).min().map(TraceFile.time) }
  package var lastTime: UTCTime? { spans.map(\.start).max().map(TraceFile.time) }

  static func time(_ nanoseconds: Int64) -> UTCTime {
    UTCTime(
      seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000))
  }

  /// Notes a span that lacks what a span must have.
  mutating func reject(_ what: String, path: String, line: Int) {
    rejectedCount += 1
    guard rejectedCount <= 5 else { return }
    diagnostics.append(
      Diagnostic(
        code: "span-unreadable", severity: .warning, message: what,
        location: SourceLocation(path: path, line: line, column: 1)))
  }
}

/// The attributes that are read; of all others nothing is kept.
///
/// OpenTelemetry semantic conventions (HTTP, RPC, Kubernetes resources, and the names before 1.23), and
/// the tags of Envoy's and Istio's spans (Envoy source/common/tracing/http_tracer_impl.cc; Istio
/// documentation, Distributed tracing).
enum TraceAttributes {
  /// The address of a process, under a name of our own: Zipkin's is no attribute.
  static let address = "address"

  static let span: Set<String> = [
    "span.kind", "http.method", "http.request.method", "http.status_code",
    "http.response.status_code", "http.url", "url.full", "url.path", "http.target", "rpc.system",
    "rpc.service", "rpc.method", "grpc.status_code", "rpc.grpc.status_code", "response_flags",
    "node_id", "upstream_cluster", "upstream_cluster.name", "server.address", "net.peer.name",
    "peer.service", "istio.canonical_service", "istio.namespace",
  ]

  static let process: Set<String> = [
    "service.name", "service.namespace", "k8s.namespace.name", "k8s.pod.name",
    "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.cronjob.name",
    "k8s.job.name",
  ]

  static func isAgentic(_ key: String) -> Bool {
    key.hasPrefix("gen_ai.") || key.hasPrefix("mcp.")
  }
}
