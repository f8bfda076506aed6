package import AuditModel
package import MeshModel

extension AccessModel {
  /// What the policies decide on each observed request whose destination is a known workload.
  ///
  /// Only what the evidence carries is used. A source without a verified identity is a peer without one
  /// only when the line itself says that there was no mutual TLS. Where the policies look at more than a
  /// log row keeps (headers, hosts, tokens, the identifier behind a template, a path that the caller may
  /// have rewritten), the decision is `unknown` with the reason.
  package func observedDecisions(on keys: some Sequence<ObservedRequestKey>) -> [ObservedDecision] {
    keys.compactMap(observedDecision)
  }

  /// The same for one; nil where its destination is not known, or its own proxy wrote nothing of it.
  package func observedDecision(on key: ObservedRequestKey) -> ObservedDecision? {
    guard key.side == .server, let workload = key.destination.workload, let port = key.port,
      fact(of: workload) != nil
    else { return nil }
    let record = observedDecision(on: key, to: workload, port: port)
    return ObservedDecision(
      key: key, decision: record.decision, decidedBy: record.decidedBy,
      grantedBy: record.grantedBy, reason: record.reason, layer: record.layer)
  }

  /// The decisions of external authorizers, each beside what the policies decide on such a call: to ask
  /// the authorizer, or without it.
  package func beside(_ decisions: [ExternalDecision]) -> [ExternalDecision] {
    decisions.map { decision in
      let asked = decision.key
      guard let workload = asked.destinationWorkload, let port = asked.port,
        fact(of: workload) != nil
      else { return decision }
      // What the proxy tells the authorizer it has verified itself (Envoy, AttributeContext.Peer).
      let key = ObservedRequestKey(
        day: asked.day, side: .server, source: ObservedParty(principal: asked.source),
        destination: ObservedParty(principal: asked.destination, workload: workload), port: port,
        protocolName: asked.method == nil ? "tcp" : "http", method: asked.method,
        pathTemplate: asked.pathTemplate, responseClass: "unknown", outcome: .allowed,
        deniedBy: nil, identitySource: asked.source == nil ? .none : .peerURISAN,
        isPathTrusted: true, isMTLS: asked.source != nil, format: "")
      let record = observedDecision(on: key, to: workload, port: port)
      var result = decision
      result.meshDecision = record.decision
      result.meshDecidedBy = record.decidedBy
      return result
    }
  }

  private func observedDecision(on key: ObservedRequestKey, to workload: WorkloadID, port: Int)
    -> DecisionRecord
  {
    func unknown(_ reason: String) -> DecisionRecord {
      DecisionRecord(.unknown, reason: reason, layer: .none)
    }
    guard key.identitySource.isVerified || key.isMTLS == false else {
      return unknown("the log does not carry a verified identity of the caller")
    }
    let principal = key.identitySource.isVerified ? key.source.principal : nil
    let reach = reach(
      from: PeerProfile(principal: principal, workload: key.source.workload), to: workload,
      port: port)
    let request = request(of: key, principal: principal, to: workload, port: port)
    guard reach.outcome == .partial else { return decision(for: request) }

    if key.evidence == .counter, key.protocolName != "tcp" {
      return unknown("a counter keeps neither method nor path, and the policies look at them")
    }
    let looksAtPath = reach.operations.contains { set in
      !set.paths.isEmpty || set.conditions.contains { $0.hasPrefix("path") }
    }
    if looksAtPath, request.http != nil {
      if !key.isPathTrusted {
        return unknown("the logged path may have been rewritten by the caller")
      }
    }
    let record = decision(for: request)
    let looksFurther = reach.operations.contains { set in
      !set.hosts.isEmpty || !set.conditions.allSatisfy(AccessModel.isLogged)
    }
    if looksFurther, record.decision != .allow {
      return unknown("the policies look at hosts or conditions that the log does not keep")
    }
    let isTemplate = key.pathTemplate?.utf8.contains(UInt8(ascii: "{")) == true
    if looksAtPath, isTemplate, record.decision == .deny, !isGranted(nothing: key, by: reach) {
      return unknown("the log keeps the template of the path only")
    }
    return record
  }

  /// Whether no path of the template can be among those that a reach grants to the method.
  private func isGranted(nothing key: ObservedRequestKey, by reach: Reach) -> Bool {
    let grants = reach.operations.filter { !$0.isExcluded }
    guard !grants.isEmpty, let template = key.pathTemplate else { return false }
    return grants.allSatisfy { set in
      if let method = key.method, !set.methods.isEmpty,
        set.methods.allSatisfy({ $0 != method && !$0.contains("*") })
      {
        return true
      }
      return !set.paths.isEmpty
        && !set.paths.contains { ObservedPath.mayBe(in: template, path: $0) }
    }
  }

  /// Whether a log row keeps what a condition of a reach looks at.
  static func isLogged(_ condition: String) -> Bool {
    ["protocol=", "path=", "path!=", "method=", "method!="].contains { condition.hasPrefix($0) }
  }

  private func request(
    of key: ObservedRequestKey, principal: String?, to workload: WorkloadID, port: Int
  ) -> AccessRequest {
    let proto = ApplicationProtocol(rawValue: key.protocolName) ?? .tcp
    let path = key.pathTemplate.map(ObservedPath.representative)
    let http = proto == .tcp ? nil : AccessRequest.HTTP(method: key.method, path: path)
    return AccessRequest(
      source: .init(principal: principal, workload: key.source.workload),
      destination: .init(workload: workload, port: port, applicationProtocol: proto), http: http)
  }
}

/// A path that stands for all paths of a template.
enum ObservedPath {
  /// The template with something in the place of each placeholder that no policy names.
  ///
  /// What a pattern grants to it, it grants to every path of the template; `{*}` may hold slashes.
  static func representative(of template: String) -> String {
    guard template.utf8.contains(UInt8(ascii: "{")) else { return template }
    return template.replacing("{id}", with: "meshaudit-0000")
      .replacing("{email}", with: "meshaudit@example.invalid")
      .replacing("{token}", with: "meshaudit-0001").replacing("{*}", with: "x/meshaudit-0002")
  }

  /// Whether a path pattern of a policy can match any path of the template, as far as the literal parts
  /// of both tell.
  static func mayBe(in template: String, path pattern: String) -> Bool {
    let star = UInt8(ascii: "*")
    if !pattern.contains("{") {
      if pattern.utf8.last == star {
        let prefix = pattern.dropLast()
        // A star further in is that of a gRPC route without a service.
        if prefix.contains("*") { return true }
        let literal = template.prefix { $0 != "{" }
        return literal.hasPrefix(prefix) || (literal != template && prefix.hasPrefix(literal))
      }
      if pattern.utf8.first == star {
        let suffix = pattern.dropFirst()
        let literal = template.suffix(while: { $0 != "}" })
        return literal.hasSuffix(suffix) || (literal != template && suffix.hasSuffix(literal))
      }
      if pattern.contains("*") { return true }
    }
    return matchesSegments(template, pattern)
  }

  /// Segment by segment: a placeholder and `{*}` may be any one segment, `{**}` and the cut end of a
  /// template any number.
  private static func matchesSegments(_ template: String, _ pattern: String) -> Bool {
    let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let given = template.split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in given.enumerated() {
      if index == given.count - 1, segment.hasSuffix("{*}") {
        let literal = segment.dropLast("{*}".count)
        return index >= wanted.count
          ? literal.isEmpty : wanted[index].contains("{") || wanted[index].hasPrefix(literal)
      }
      guard index < wanted.count else { return false }
      if wanted[index].contains("{**}") { return true }
      let isAlike =
        segment == wanted[index] || segment.contains("{") || wanted[index].contains("{")
      guard isAlike else { return false }
    }
    return wanted.count == given.count
  }
}
