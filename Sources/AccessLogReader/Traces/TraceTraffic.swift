package import MeshModel

/// Calls and chains of calls that traces show.
///
/// A call is a server's span; the caller is whoever made the span above it. The client's span of the
/// same call adds nothing. A client's span that no server's answers is a call of the client side alone.
/// What spans say is weak evidence: identities are names that processes give themselves, the path is the
/// one that the caller sent first (Envoy logs `x-envoy-original-path`, spec access-logs 1.3), and which
/// call belongs to which, applications say.
package struct TraceTraffic: Sendable {
  package private(set) var requests: [ObservedRequestKey: ObservedRequestSum] = [:]
  package private(set) var chains: [CallChain.Key: CallChain] = [:]
  package private(set) var workloads: [TracedWorkload.Key: TracedWorkload] = [:]
  /// Traces that were counted now, with the day of their latest span.
  package private(set) var traces: [String: String] = [:]
  /// Spans of traces that were counted before, or that were in another file.
  package private(set) var repeatedSpanCount = 0

  /// By day and hops: the same traces give the same rows, in whatever order spans were met.
  package var orderedChains: [CallChain] {
    let named = chains.values.map { ($0.key.day, $0.key.hops.map(TraceTraffic.name), $0) }
    return named.sorted { left, right in
      left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
    }.map(\.2)
  }

  private static func name(_ party: ObservedParty) -> String {
    party.workload?.description ?? party.host ?? party.principal ?? ""
  }

  private let parties: TraceParties
  private let ports: ServicePorts

  package init(directory: TrafficDirectory) {
    parties = TraceParties(directory)
    ports = ServicePorts(directory)
  }

  /// Adds the traces of all files of a run at once, for one trace may be spread over several.
  ///
  /// - Parameter isCounted: whether a trace was counted in an earlier run.
  package mutating func add(_ files: [TraceFile], isCounted: (String) -> Bool) {
    var byTrace: [String: [Node]] = [:]
    for file in files {
      for span in file.spans {
        byTrace[span.trace, default: []].append(
          Node(span: span, party: parties.party(of: span, in: file.processes)))
      }
    }
    var templates = TraceTemplates()
    for (trace, nodes) in byTrace {
      guard !isCounted(trace) else {
        repeatedSpanCount += nodes.count
        continue
      }
      let latest = nodes.map(\.span.start).max() ?? 0
      traces[trace] = TraceFile.time(latest).dayText
      add(TraceTree(nodes, repeated: &repeatedSpanCount), &templates)
    }
  }

  struct Node {
    var span: TraceSpan
    var party: ObservedParty
  }

  private mutating func add(_ tree: TraceTree, _ templates: inout TraceTemplates) {
    for node in tree.nodes {
      guard let workload = node.party.workload else { continue }
      let key = TracedWorkload.Key(
        day: TraceFile.time(node.span.start).dayText, workload: workload)
      workloads[key, default: TracedWorkload()].spanCount += 1
      if node.span.isAgentic { workloads[key]?.agentSpanCount += 1 }
    }
    for index in tree.nodes.indices {
      let node = tree.nodes[index]
      switch node.span.kind {
      case .server:
        guard tree.isCall(index) else { continue }
        let caller = tree.caller(of: index)
        count(node, from: caller, to: node.party, side: .server, &templates)
        addChains(tree.hops(to: index), at: node.span.start)
      case .client:
        // An inner client's span of the same process stands for the outer one.
        guard !tree.isAnswered(index), !tree.hasClientBelow(index) else { continue }
        let host = TraceTraffic.host(of: node.span)
        count(node, from: node.party, to: ObservedParty(host: host), side: .client, &templates)
      case .other: continue
      }
    }
  }

  private mutating func count(
    _ node: Node, from source: ObservedParty?, to destination: ObservedParty,
    side: ObservedRequestKey.Side, _ templates: inout TraceTemplates
  ) {
    guard destination != ObservedParty() else { return }
    let span = node.span
    let time = TraceFile.time(span.start)
    let status = span.attributes["http.response.status_code"] ?? span.attributes["http.status_code"]
    let isGRPC =
      span.attributes["rpc.system"] == "grpc" || span.attributes["grpc.status_code"] != nil
      || span.attributes["rpc.grpc.status_code"] != nil
    let flags = span.attributes["response_flags"]?.split(separator: ",") ?? []
    let isUnreached = EnvoyOutcome.isUnreached(flags: flags) || status == "0"
    var key = ObservedRequestKey(
      day: time.dayText, side: side, source: source ?? ObservedParty(), destination: destination,
      port: ports.only(of: destination.workload), protocolName: isGRPC ? "grpc" : "http",
      method: (span.attributes["http.request.method"] ?? span.attributes["http.method"])
        .map(ShapeResolver.knownMethod) ?? (isGRPC ? "POST" : nil),
      pathTemplate: templates.template(of: span),
      responseClass: TraceTraffic.responseClass(status),
      // A span tells a refusal by policy from one by the application by nothing.
      outcome: isUnreached || status == "403" ? .failed : .allowed, deniedBy: nil,
      identitySource: .none, isPathTrusted: false, isMTLS: nil, format: "trace",
      evidence: .trace)
    if let source, source != ObservedParty() {
      key.identitySource = side == .client ? .ownProxy : .trace
    }
    let sum = ObservedRequestSum(count: 1, firstSeen: time, lastSeen: time)
    if requests[key]?.add(sum) == nil { requests[key] = sum }
  }

  /// Every chain of three or more that ends here.
  private mutating func addChains(_ hops: [ObservedParty], at start: Int64) {
    guard hops.count > 2 else { return }
    let time = TraceFile.time(start)
    for length in 3...min(hops.count, CallChain.longest) where length <= hops.count {
      let key = CallChain.Key(day: time.dayText, hops: Array(hops.suffix(length)))
      let chain = CallChain(key: key, count: 1, firstSeen: time, lastSeen: time)
      if chains[key]?.add(chain) == nil { chains[key] = chain }
    }
  }

  private static func responseClass(_ status: String?) -> String {
    guard let status, status.utf8.count == 3, let first = status.first, ("1"..."5").contains(first)
    else { return "none" }
    return "\(first)xx"
  }

  /// Where a client's span went: the service of Istio's cluster, or the host that the application names.
  private static func host(of span: TraceSpan) -> String? {
    let cluster = span.attributes["upstream_cluster.name"] ?? span.attributes["upstream_cluster"]
    if let cluster, let service = ServiceHost(cluster: cluster) { return service.host }
    return
      (span.attributes["peer.service"] ?? span.attributes["server.address"]
      ?? span.attributes["net.peer.name"]).map { ServiceHost(authority: $0).host }
  }
}

/// Paths of spans as templates: no query, no identifiers.
struct TraceTemplates {
  private var known: [String: String] = [:]
  private var buffer = [UInt8](repeating: 0, count: PathTemplateWriter.longest + 64)

  mutating func template(of span: TraceSpan) -> String? {
    if let service = span.attributes["rpc.service"], let method = span.attributes["rpc.method"] {
      return "/\(service)/\(method)"
    }
    let names = ["url.path", "http.target", "url.full", "http.url"]
    guard var path = names.lazy.compactMap({ span.attributes[$0] }).first, !path.isEmpty else {
      return nil
    }
    if let template = known[path] { return template }
    let writer = PathTemplateWriter()
    let count = path.withUTF8 { text in
      buffer.withUnsafeMutableBufferPointer { output in
        guard let base = text.baseAddress, let target = output.baseAddress else { return 0 }
        return writer.write(Bytes(base, text.count), to: target)
      }
    }
    let template = String(decoding: buffer.prefix(count), as: UTF8.self)
    if known.count > 10_000 { known.removeAll() }
    known[path] = template
    return template.isEmpty ? nil : template
  }
}
