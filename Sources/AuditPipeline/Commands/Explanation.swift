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

  package init(
    paths: [String], from: String?, to: String, port: Int?, method: String?, path: String?,
    host: String?, headers: [String], sni: String? = nil, applicationProtocol: ApplicationProtocol?
  ) throws(PipelineError) {
    self.paths = paths
    self.from = from
    self.to = to
    self.port = port
    self.sni = sni
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
    let inputs = try await ManifestInputs(paths: paths)
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
    var source = AccessRequest.Source()
    if let from {
      if from.contains("://") || from.contains(".serviceaccount.") {
        source.principal = from
      } else {
        source.workload = try workload(named: from, in: inputs)
      }
    }
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
          ? "not known, for want of its Namespace" : identity ?? "no identity"),
      diagnostics: inputs.errors)
  }

  private func workload(named name: String, in inputs: ManifestInputs) throws(PipelineError)
    -> WorkloadID
  {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let known = inputs.access.workloads.map(\.workload.id) + inputs.access.externalWorkloads
    if parts.count == 2 {
      let id = WorkloadID(namespace: parts[0], name: parts[1])
      if known.contains(id) { return id }
    }
    let near = known.filter { $0.name == parts.last }
    if parts.count == 1, near.count == 1 { return near[0] }
    throw PipelineError(
      .usage, "there is no workload \"\(name)\" in the manifests",
      hint: near.isEmpty
        ? "name it as \"namespace/name\"; `meshaudit access` lists workloads"
        : "did you mean \(near.map(\.description).joined(separator: " or "))?")
  }

  private func text(_ record: DecisionRecord, request: AccessRequest, identity: String) -> String {
    var lines = ["\(from ?? "a peer without identity") -> \(to)\(port.map { ":\($0)" } ?? "")"]
    let words = [request.http?.method, request.http?.path].compactMap { $0 }
    lines.append(
      "  request: "
        + (request.http == nil
          ? "a connection" : words.isEmpty ? "any" : words.joined(separator: " ")))
    lines.append("  the caller shows: \(identity)")
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
