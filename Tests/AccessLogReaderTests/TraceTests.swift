import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct TraceTests {
  static let planner = WorkloadID(namespace: "agents", name: "planner")
  static let browser = WorkloadID(namespace: "tools", name: "browser")
  static let ledger = WorkloadID(namespace: "data", name: "ledger")

  static let directory: TrafficDirectory = {
    var directory = TrafficDirectory()
    directory.workloads = [planner, browser, ledger]
    directory.workloadsByPod["tools/browser-7d9f6c5b8-x2x4q"] = browser
    return directory
  }()

  /// One span: id, parent, kind, process.
  struct Span {
    var id: String
    var parent = ""
    var kind: String
    var process: String
    var tags: [String: String] = [:]
  }

  /// planner -> browser -> ledger, with the proxies' and the applications' spans.
  static let spans = [
    Span(id: "01", kind: "server", process: "planner"),
    Span(id: "02", parent: "01", kind: "client", process: "planner"),
    Span(id: "03", parent: "02", kind: "client", process: "planner"),
    Span(
      id: "04", parent: "03", kind: "server", process: "browser",
      tags: [
        "http.method": "POST", "http.status_code": "200", "http.url": "http://b:80/v1/7?k=geheim",
      ]),
    Span(id: "05", parent: "04", kind: "server", process: "browser"),
    Span(
      id: "06", parent: "05", kind: "internal", process: "browser", tags: ["gen_ai.system": "x"]),
    Span(id: "07", parent: "06", kind: "client", process: "browser"),
    Span(
      id: "08", parent: "07", kind: "server", process: "ledger", tags: ["http.status_code": "403"]),
    Span(
      id: "09", parent: "05", kind: "client", process: "browser",
      tags: ["server.address": "api.example.com"]),
  ]

  static func jaeger(_ spans: [Span] = spans, trace: String = "aa") -> String {
    let list = spans.map { span in
      let reference =
        span.parent.isEmpty
        ? "" : #"{"refType":"CHILD_OF","traceID":"\#(trace)","spanID":"\#(span.parent)"}"#
      let tags = (span.tags.merging(["span.kind": span.kind]) { $1 }).sorted { $0.key < $1.key }
        .map { #"{"key":"\#($0.key)","type":"string","value":"\#($0.value)"}"# }
        .joined(separator: ",")
      return """
        {"traceID":"\(trace)","spanID":"\(span.id)","operationName":"o","references":[\(reference)],
        "startTime":17324280000000\(span.id),"duration":5,"tags":[\(tags)],"processID":"\(span.process)"}
        """
    }
    return """
      {"data":[{"traceID":"\(trace)","spans":[\(list.joined(separator: ","))],"processes":{
      "planner":{"serviceName":"planner.agents","tags":[]},
      "browser":{"serviceName":"b","tags":[{"key":"k8s.namespace.name","value":"tools"},
      {"key":"k8s.pod.name","value":"browser-7d9f6c5b8-x2x4q"}]},
      "ledger":{"serviceName":"ledger","tags":[]}}}]}
      """
  }

  static func otlp(_ spans: [Span] = spans, trace: String = "aa") -> String {
    let resources = [
      "planner": #"{"key":"service.name","value":{"stringValue":"planner.agents"}}"#,
      "browser":
        #"{"key":"k8s.namespace.name","value":{"stringValue":"tools"}},{"key":"k8s.deployment.name","#
        + #""value":{"stringValue":"browser"}}"#,
      "ledger": #"{"key":"service.name","value":{"stringValue":"ledger"}}"#,
    ]
    let kinds = ["server": "2", "client": "\"SPAN_KIND_CLIENT\"", "internal": "1"]
    // One export a span and line, as a file exporter writes them.
    return spans.map { span in
      let tags = span.tags.sorted { $0.key < $1.key }
        .map { #"{"key":"\#($0.key)","value":{"stringValue":"\#($0.value)"}}"# }
        .joined(separator: ",")
      return """
        {"resourceSpans":[{"resource":{"attributes":[\(resources[span.process] ?? "")]},"scopeSpans":[{\
        "scope":{"name":"s"},"spans":[{"traceId":"\(trace)","spanId":"\(span.id)","parentSpanId":\
        "\(span.parent)","name":"o","kind":\(kinds[span.kind] ?? "0"),"startTimeUnixNano":\
        "17324280000000\(span.id)000","attributes":[\(tags)]}]}]}]}

        """
    }.joined()
  }

  static func files(_ text: String) -> TraceFile {
    let bytes = Array(text.utf8)
    #expect(OTLPTraceReader.recognises(bytes) != JaegerReader.recognises(bytes))
    return OTLPTraceReader.recognises(bytes)
      ? OTLPTraceReader.read(bytes, path: "t.json") : JaegerReader.read(bytes, path: "t.json")
  }

  static func traffic(_ files: [TraceFile], counted: Set<String> = []) -> TraceTraffic {
    var traffic = TraceTraffic(directory: directory)
    traffic.add(files, isCounted: counted.contains)
    return traffic
  }

  /// Both formats say the same; each call counts once, however many spans it has.
  @Test(arguments: [
    jaeger(), otlp(), "[\n\(jaeger())\n]",
    "[\(otlp().split(separator: "\n").joined(separator: ",\n"))]\n",
  ])
  func callsAreCountedOnce(text: String) throws {
    let file = Self.files(text)
    #expect(file.spans.count == 9)
    #expect(file.rejectedCount == 0)
    let traffic = Self.traffic([file])
    let server = traffic.requests.filter { $0.key.side == .server }
    #expect(server.values.reduce(0) { $0 + $1.count } == 3)
    let call = try #require(
      server.first { $0.key.source.workload == Self.planner }?.key)
    #expect(call.destination.workload == Self.browser)
    #expect(call.method == "POST")
    #expect(call.pathTemplate == "/v1/{id}")
    #expect(!call.isPathTrusted)
    #expect(call.identitySource == .trace)
    #expect(!call.identitySource.isVerified)
    #expect(call.evidence == .trace)
    let refused = try #require(server.first { $0.key.destination.workload == Self.ledger }?.key)
    #expect(refused.outcome == .failed)
    // The root of the trace came from somewhere unknown.
    #expect(
      server.contains { $0.key.destination.workload == Self.planner && $0.key.source == .init() })
    let client = try #require(traffic.requests.first { $0.key.side == .client })
    #expect(client.key.destination.host == "api.example.com")
    #expect(client.key.source.workload == Self.browser)
    #expect(traffic.requests.count == 4)
  }

  @Test(arguments: [jaeger(), otlp()])
  func chainsSayWhoActedThroughWhom(text: String) throws {
    let traffic = Self.traffic([Self.files(text)])
    let chain = try #require(traffic.chains.values.first)
    #expect(traffic.chains.count == 1)
    #expect(chain.key.hops.map(\.workload) == [Self.planner, Self.browser, Self.ledger])
    #expect(chain.count == 1)
    let browser = try #require(
      traffic.workloads[.init(day: "2024-11-24", workload: Self.browser)])
    #expect(browser.spanCount == 5)
    #expect(browser.agentSpanCount == 1)
  }

  /// Every chain that ends at the last call is there: of order 2, 3 and so on to the limit.
  @Test func longChainsHaveEveryOrder() {
    var spans: [Span] = []
    for index in 1...9 {
      spans.append(
        Span(
          id: "0\(index)", parent: index == 1 ? "" : "0\(index - 1)", kind: "server",
          process: index % 2 == 0 ? "planner" : "browser"))
    }
    let traffic = Self.traffic([Self.files(Self.jaeger(spans))])
    #expect(Set(traffic.chains.keys.map(\.hops.count)) == [3, 4, 5, 6])
  }

  /// The same trace in two files, in two formats or in two runs is one.
  @Test func repeatedTracesCountOnce() {
    let file = Self.files(Self.jaeger())
    let once = Self.traffic([file])
    let twice = Self.traffic([file, Self.files(Self.otlp())])
    #expect(once.requests == twice.requests)
    #expect(once.chains == twice.chains)
    #expect(twice.repeatedSpanCount == 9)
    #expect(Self.traffic([file], counted: ["aa"]).requests.isEmpty)
  }

  @Test func halvesOfATraceInTwoFilesAreOneTrace() {
    let spans = Self.spans
    let first = Self.files(Self.otlp(Array(spans.prefix(4))))
    let second = Self.files(Self.otlp(Array(spans.dropFirst(4))))
    let whole = Self.traffic([Self.files(Self.otlp())])
    #expect(Self.traffic([first, second]).requests == whole.requests)
    #expect(Self.traffic([second, first]).chains == whole.chains)
  }

  /// Zipkin's shared spans: client and server have one id.
  @Test func sharedSpansAreOneCall() throws {
    let spans = [
      Span(id: "01", kind: "client", process: "planner"),
      Span(id: "01", kind: "server", process: "browser"),
      Span(id: "02", parent: "01", kind: "client", process: "browser"),
      Span(id: "02", parent: "01", kind: "server", process: "ledger"),
    ]
    let traffic = Self.traffic([Self.files(Self.jaeger(spans))])
    #expect(traffic.requests.count == 2)
    #expect(traffic.requests.keys.allSatisfy { $0.side == .server && $0.source.workload != nil })
    #expect(traffic.chains.count == 1)
  }

  @Test func loopsOfParentsEnd() {
    let spans = [
      Span(id: "01", parent: "02", kind: "server", process: "planner"),
      Span(id: "02", parent: "01", kind: "server", process: "browser"),
    ]
    #expect(Self.traffic([Self.files(Self.jaeger(spans))]).requests.count == 2)
  }

  @Test func spansWithoutTraceAreNamedByLine() {
    let text =
      #"{"resourceSpans":[{"scopeSpans":[{"spans":["# + "\n"
      + #"{"traceId":"","spanId":"1","startTimeUnixNano":"5"}]}]}]}"#
    let file = OTLPTraceReader.read(Array(text.utf8), path: "t.json")
    #expect(file.rejectedCount == 1)
    #expect(file.diagnostics.first?.location?.line == 2)
  }

  @Test(arguments: [jaeger(), otlp()])
  func everyCutIsRefusedOrAtALineEnd(text: String) {
    let bytes = Array(text.utf8)
    let isLines = OTLPTraceReader.recognises(bytes)
    for length in stride(from: 1, to: bytes.count - 1, by: 7) {
      let part = Array(bytes.prefix(length))
      let file =
        isLines ? OTLPTraceReader.read(part, path: "t") : JaegerReader.read(part, path: "t")
      let isWhole = isLines && (part.last == 10 || bytes[length] == 10)
      #expect((file.failure == nil) == isWhole, "\(length)")
    }
  }
}
