import AccessAnalysis
import AuditModel
package import MeshModel

/// `meshaudit explain`.
package struct Explanation {
  package struct Result: Sendable {
    package var text: String
    package var diagnostics: [Diagnostic]
  }

  private let paths: [String]
  private let from: String?
  private let to: String
  private let port: Int?
  private let http: AccessRequest.HTTP?
  private let sni: String?
  private let applicationProtocol: ApplicationProtocol
  private let options: AccessOptions

  package init(
    paths: [String], from: String?, to: String, port: Int?, method: String?, path: String?,
    host: String?, headers: [String], sni: String? = nil, applicationProtocol: ApplicationProtocol?,
    istioVersion: String? = nil, linkerdVersion: String? = nil
  ) throws(PipelineError) {
    try Explanation.check(port: port, method: method, path: path)
    self.paths = paths
    self.from = from
    self.to = to
    self.port = port
    self.sni = sni
    options = AccessOptions(istioVersion: istioVersion, linkerdVersion: linkerdVersion)
    var values: [String: String] = [:]
    for header in headers {
      guard let colon = header.firstIndex(of: ":") else {
        throw PipelineError(.usage, "\"\(header)\" is no header", hint: "write \"name: value\"")
      }
      let value = header[header.index(after: colon)...].drop { $0 == " " }
      values[header[..<colon].lowercased()] = String(value)
    }
    let isHTTP = method != nil || path != nil || host != nil || !values.isEmpty
    self.applicationProtocol = applicationProtocol ?? (isHTTP ? .http : .tcp)
    http =
      isHTTP || self.applicationProtocol != .tcp
      ? AccessRequest.HTTP(method: method, host: host, path: path, headers: values) : nil
  }

  package func run() async throws(PipelineError) -> Result {
    let inputs = try await ManifestInputs(paths: paths, options: options)
    // Nothing was read: what is wrong with the paths says more than that the workload is unknown.
    if inputs.access.workloads.isEmpty, !inputs.errors.isEmpty {
      return Result(text: "", diagnostics: inputs.errors)
    }
    var destination = AccessRequest.Destination(
      port: port, applicationProtocol: applicationProtocol)
    if let address = IPAddress(to) {
      destination.ip = address
    } else {
      destination.workload = try workload(named: to, in: inputs)
    }
    let source =
      try from.map { name throws(PipelineError) in try caller(name, in: inputs) }
      ?? AccessRequest.Source()
    let request = AccessRequest(source: source, destination: destination, sni: sni, http: http)
    let record = inputs.access.decision(for: request, isTraced: true)
    let identity = inputs.access.shownIdentity(in: request)
    let isUndetermined =
      identity == nil
      && source.workload.flatMap { inputs.access.fact(of: $0) }?.lacksNamespace == true
    return Result(
      text: text(
        record, request: request,
        identity: isUndetermined
          ? "not known, for want of its Namespace" : identity ?? "no identity",
        remarks: remarks(on: request, in: inputs)),
      diagnostics: inputs.errors)
  }

  /// What no request can have, said before anything is read.
  private static func check(port: Int?, method: String?, path: String?) throws(PipelineError) {
    if let port, !(1...65_535).contains(port) {
      throw PipelineError(.usage, "there is no port \(port)", hint: "ports are 1 to 65535")
    }
    if let method, method.isEmpty || !method.utf8.allSatisfy(isTokenByte) {
      throw PipelineError(
        .usage, "\"\(method)\" is no HTTP method",
        hint: "a method is one word, for example GET (RFC 9110 section 9.1)")
    }
    if let path, !path.hasPrefix("/"), path != "*" {
      throw PipelineError(
        .usage, "the path \"\(path)\" does not begin with \"/\"", hint: "write \"/\(path)\"")
    }
  }

  /// RFC 9110 section 5.6.2, `tchar`.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private func caller(_ name: String, in inputs: ManifestInputs) throws(PipelineError)
    -> AccessRequest.Source
  {
    if name.contains("://") || name.contains(".serviceaccount.") {
      return AccessRequest.Source(principal: name)
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 5, parts[1] == "ns", parts[3] == "sa" {
      throw PipelineError(
        .usage, "\"\(name)\" is no SPIFFE ID", hint: "write \"spiffe://\(name)\"")
    }
    return AccessRequest.Source(workload: try workload(named: name, in: inputs))
  }

  private func workload(named name: String, in inputs: ManifestInputs) throws(PipelineError)
    -> WorkloadID
  {
    let known = inputs.access.workloads.map(\.workload.id)
    let names = WorkloadNames(known: known.map(\.description))
    let found = try names.one(name)
    return known[names.known.firstIndex(of: found) ?? 0]
  }

  /// What of the question a reader would want to know before the answer.
  private func remarks(on request: AccessRequest, in inputs: ManifestInputs) -> [String] {
    var remarks: [String] = []
    if let workload = request.destination.workload {
      let declared = inputs.access.portFacts().filter { $0.workload == workload }
      let list = declared.map { port in
        "\(port.port)" + (port.name.map { " (\($0))" } ?? "")
      }.joined(separator: ", ")
      let known = list.isEmpty ? "it declares none" : "it declares \(list)"
      if let port {
        if !declared.contains(where: { $0.port == port }) {
          remarks.append("\(to) does not declare port \(port): \(known)")
        }
      } else {
        remarks.append("no port was named: \(known)")
      }
    }
    if let method = request.http?.method, method != method.uppercased(),
      Explanation.methods.contains(method.uppercased())
    {
      remarks.append(
        "methods are compared with their case (RFC 9110 section 9.1): \"\(method)\" is not "
          + method.uppercased())
    }
    return remarks
  }

  private static let methods: Set<String> = [
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
  ]

  private func text(
    _ record: DecisionRecord, request: AccessRequest, identity: String, remarks: [String]
  ) -> String {
    var lines = ["\(from ?? "a peer without identity") -> \(to)\(port.map { ":\($0)" } ?? "")"]
    let words = [request.http?.method, request.http?.path].compactMap { $0 }
    lines.append(
      "  request: "
        + (request.http == nil
          ? "a connection" : words.isEmpty ? "any" : words.joined(separator: " ")))
    lines.append("  the caller shows: \(identity)")
    lines += remarks.map { "  note: \($0)" }
    for (index, step) in record.trace.enumerated() {
      let place = step.location.map { "\n      at \($0)" } ?? ""
      lines.append("  \(index + 1). \(step.text)\(place)")
    }
    var verdict = record.decision.rawValue.uppercased()
    if let decidedBy = record.decidedBy { verdict += ", decided by \(decidedBy)" }
    if let reason = record.reason { verdict += " (\(reason))" }
    lines.append(verdict)
    return lines.joined(separator: "\n") + "\n"
  }
}
