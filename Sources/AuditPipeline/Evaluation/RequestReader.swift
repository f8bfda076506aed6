import DocumentReader
import MeshModel

/// A request and what the user expects of it.
struct RequestCase: Sendable {
  var request: AccessRequest
  var expectation: Expectation
  var location: SourceLocation

  /// Everything that is nil is not compared.
  struct Expectation: Sendable {
    var decision: Decision?
    /// Compared with `decidedBy`; `.some(nil)` expects that no rule decided.
    var policy: String??
    var reason: String?

    var isEmpty: Bool { decision == nil && policy == nil && reason == nil }
  }
}

/// Reads requests in the form of DESIGN.md section 5: one JSON object a line, or a YAML or JSON list, or
/// a list under `requests`.
struct RequestReader {
  let sink: DiagnosticSink

  func read(_ documents: [DocumentNode]) -> [RequestCase] {
    var cases: [RequestCase] = []
    for document in documents {
      let nodes = document.items ?? document["requests"]?.items ?? [document]
      for node in nodes {
        if let item = request(node, number: cases.count + 1) { cases.append(item) }
      }
    }
    return cases
  }

  private func request(_ node: DocumentNode, number: Int) -> RequestCase? {
    guard node.entries != nil else {
      sink.report(
        .error, "not-a-request", "expected a request, found \(node.typeName)", at: node.location,
        hint: "a request is an object with \"source\" and \"destination\"")
      return nil
    }
    let fields = FieldReader(node, sink: sink)
    guard let destinationFields = fields.object("destination") else {
      fields.problem(
        "missing-destination", "the request has no destination", at: node.location,
        hint: "write for example \"destination\": {\"workload\": \"tools/browser\", \"port\": 8080}"
      )
      return nil
    }
    let request = AccessRequest(
      id: fields.intOrString("id")?.value ?? String(number),
      source: source(fields.object("source")), destination: destination(destinationFields),
      sni: fields.string("sni")?.value, http: http(fields.object("request")),
      jwt: fields.raw("jwt")?.json)
    let expectation = RequestCase.Expectation(
      decision: fields.word("expect", as: Decision.self)?.value,
      policy: fields.has("expectPolicy") ? .some(fields.string("expectPolicy")?.value) : nil,
      reason: fields.string("expectReason")?.value)
    for name in fields.names where name.hasPrefix("expect") { fields.ignore(name) }
    fields.reportUnknownFields()
    guard !fields.hasProblem else { return nil }
    return RequestCase(request: request, expectation: expectation, location: node.location)
  }

  private func source(_ fields: FieldReader?) -> AccessRequest.Source {
    guard let fields else { return AccessRequest.Source() }
    let source = AccessRequest.Source(
      principal: principal(fields), workload: workload(fields, "workload"),
      ip: address(fields, "ip"), remoteIP: address(fields, "remoteIP"))
    fields.reportUnknownFields()
    return source
  }

  /// Policies of Istio name identities without their scheme, certificates and requests do not: a
  /// request without would match nothing, silently.
  private func principal(_ fields: FieldReader) -> String? {
    guard let text = fields.string("principal") else { return nil }
    let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 5, parts[1] == "ns", parts[3] == "sa" {
      fields.problem(
        "wrong-principal", "principal is \"\(text.value)\", which is no SPIFFE ID",
        at: text.location, hint: "write \"spiffe://\(text.value)\"")
      return nil
    }
    return text.value
  }

  private func destination(_ fields: FieldReader) -> AccessRequest.Destination {
    let labels = fields.has("labels") ? fields.stringMap("labels") : nil
    let destination = AccessRequest.Destination(
      workload: workload(fields, "workload"), namespace: fields.string("namespace")?.value,
      labels: labels, port: fields.int("port")?.value,
      applicationProtocol: fields.word("protocol", as: ApplicationProtocol.self)?.value ?? .tcp,
      ip: address(fields, "ip"), dataplane: fields.word("dataplane", as: Dataplane.self)?.value)
    fields.reportUnknownFields()
    return destination
  }

  private func http(_ fields: FieldReader?) -> AccessRequest.HTTP? {
    guard let fields else { return nil }
    var headers: [String: String] = [:]
    for (name, value) in fields.stringMap("headers") { headers[name.lowercased()] = value }
    let http = AccessRequest.HTTP(
      method: fields.string("method")?.value, host: fields.string("host")?.value,
      path: fields.string("path")?.value, headers: headers)
    fields.reportUnknownFields()
    return http
  }

  private func workload(_ fields: FieldReader, _ name: String) -> WorkloadID? {
    guard let text = fields.string(name) else { return nil }
    let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      fields.problem(
        "wrong-workload", "workload is \"\(text.value)\"", at: text.location,
        hint: "expected \"namespace/name\"")
      return nil
    }
    return WorkloadID(namespace: String(parts[0]), name: String(parts[1]))
  }

  private func address(_ fields: FieldReader, _ name: String) -> IPAddress? {
    guard let text = fields.string(name) else { return nil }
    guard let address = IPAddress(text.value) else {
      fields.problem(
        "wrong-address", "\(name) is \"\(text.value)\"", at: text.location,
        hint: "expected an IPv4 or IPv6 address without port")
      return nil
    }
    return address
  }
}
