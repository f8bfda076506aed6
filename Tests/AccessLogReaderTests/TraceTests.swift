import Foundation
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
    directory.workloadsByAddress["10.1.0.2"] = browser
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

  /// Spans as Zipkin's API has them; the pod's address tells what a name does not.
  static func zipkin(_ spans: [Span] = spans, trace: String = "aa") -> String {
    let endpoints = [
      "planner": #""serviceName":"planner.agents","ipv4":"10.1.0.1""#,
      "browser": #""serviceName":"b","ipv4":"10.1.0.2""#, "ledger": #""serviceName":"ledger""#,
    ]
    let list = spans.map { span in
      let kinds = ["server": #""kind":"SERVER","#, "client": #""kind":"CLIENT","#]
      let parent = span.parent.isEmpty ? "" : #""parentId":"\#(span.parent)","#
      let tags = span.tags.sorted { $0.key < $1.key }.map { #""\#($0.key)":"\#($0.value)""# }
        .joined(separator: ",")
      return """
        {"traceId":"\(trace)","id":"\(span.id)",\(parent)\(kinds[span.kind] ?? "")"name":"o",
        "timestamp":17324280000000\(span.id),"duration":5,
        "localEndpoint":{\(endpoints[span.process] ?? "")},"tags":{\(tags)}}
        """
    }
    return "[\(list.joined(separator: ","))]"
  }

  /// Ids as Tempo's API writes them.
  static func base64(_ id: String, byteCount: Int) -> String {
    guard !id.isEmpty, let value = UInt8(id, radix: 16) else { return "" }
    return Data([UInt8](repeating: 0, count: byteCount - 1) + [value]).base64EncodedString()
  }

  /// What Tempo answers: version 1 to `/api/traces/ID`, version 2 to `/api/v2/traces/ID`.
  static func tempo(version: Int) -> String {
    var text = otlp()
    for span in spans {
      for key in ["spanId", "parentSpanId"] {
        text = text.replacing(
          "\"\(key)\":\"\(span.id)\"", with: "\"\(key)\":\"\(base64(span.id, byteCount: 8))\"")
      }
    }
    text = text.replacing(
      "\"traceId\":\"aa\"", with: "\"traceId\":\"\(base64("aa", byteCount: 16))\"")
    let resources = text.split(separator: "\n").map {
      $0.dropFirst(#"{"resourceSpans":["#.count).dropLast(2)
    }.joined(separator: ",")
    return version == 1
      ? "{\"batches\":[\(resources)]}"
      : "{\"trace\":{\"resourceSpans\":[\(resources)]},\"metrics\":{}}"
  }

  static func files(_ text: String) -> TraceFile {
    let bytes = Array(text.utf8)
    #expect(TraceFormats.recognises(bytes))
    return TraceFormats.read(bytes, path: "t.json")
  }

  static func traffic(_ files: [TraceFile], counted: Set<String> = []) -> TraceTraffic {
    var traffic = TraceTraffic(directory: directory)
    traffic.add(files, isCounted: counted.contains)
    return traffic
  }

  /// Both formats say the same; each call counts once, however many spans it has.
  @Test(arguments: [
    jaeger(), otlp(), "[\n\(jaeger())\n]",
    "[\(otlp().split(separator: "\n").joined(separator: ",\n"))]\n", zipkin(), "[\(zipkin())]",
    zipkin().dropFirst().dropLast().replacing("},{\"traceId", with: "}\n{\"traceId") + "\n",
    "\u{FEFF}" + zipkin(), tempo(version: 1), tempo(version: 2),
    "{\"result\":{\(tempo(version: 2).dropFirst("{\"trace\":{".count))",
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

  @Test(arguments: [jaeger(), otlp(), zipkin(), tempo(version: 1)])
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
    for text in [Self.otlp(), Self.zipkin(), Self.tempo(version: 1), Self.tempo(version: 2)] {
      let twice = Self.traffic([file, Self.files(text)])
      #expect(once.requests == twice.requests)
      #expect(once.chains == twice.chains)
      #expect(twice.repeatedSpanCount == 9)
    }
    #expect(Self.traffic([file], counted: ["00000000000000aa"]).requests.isEmpty)
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
    let file = TraceFormats.read(Array(text.utf8), path: "t.json")
    #expect(file.rejectedCount == 1)
    #expect(file.diagnostics.first?.location?.line == 2)
  }

  @Test(arguments: [
    ("aa", "00000000000000aa"), ("00AA", "00000000000000aa"), ("0", ""), ("", ""),
    ("AAAAAAAAAAA=", ""), ("AAAAAAAAAKo=", "00000000000000aa"),
    ("0000000000000000463ac35c9f6413ad", "463ac35c9f6413ad"),
    ("463ac35c9f6413ad48485a3953bb612", "0463ac35c9f6413ad48485a3953bb612"),
    ("RjrDXJ9kE61ISFo5U7thJA==", "463ac35c9f6413ad48485a3953bb6124"), ("not an id", "not an id"),
  ])
  func idsOfAllFormatsAgree(text: String, id: String) {
    #expect(TraceIdentifier.canonical(text) == id)
  }

  @Test(arguments: [jaeger(), otlp(), zipkin(), tempo(version: 2)])
  func everyCutIsRefusedOrAtALineEnd(text: String) {
    let bytes = Array(text.utf8)
    let isLines = text == Self.otlp()
    for length in stride(from: 1, to: bytes.count - 1, by: 7) {
      let part = Array(bytes.prefix(length))
      let file =
        text.contains("operationName")
        ? JaegerReader.read(part, path: "t")
        : text.hasPrefix("[")
          ? ZipkinReader.read(part, path: "t") : OTLPTraceReader.read(part, path: "t")
      let isWhole = isLines && (part.last == 10 || bytes[length] == 10)
      #expect((file.failure == nil) == isWhole, "\(length)")
    }
  }
}
