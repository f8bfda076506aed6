package import AuditModel
import MeshModel

extension AccessModel {
  /// What ALLOW rules grant at the workloads that were watched, operation by operation, and which of the
  /// observed requests used it.
  ///
  /// Cost: linear in the operations that the rules of watched workloads list, and in the requests.
  package func operationUsage(of decisions: [ObservedDecision]) -> OperationUsage {
    var builder = OperationUsageBuilder(model: self, decisions: decisions)
    return builder.usage()
  }
}

/// Spreads rules into single operations and files observed requests under them.
private struct OperationUsageBuilder {
  /// Methods that a rule grants when it lists none: those of RFC 9110, section 9.3, and PATCH (RFC 5789),
  /// without CONNECT and TRACE, which no workload is asked for by mistake.
  private static let methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

  private let model: AccessModel
  private let decisions: [ObservedDecision]
  /// Ports of watched workloads, in order.
  private var ports: [WorkloadID: [WorkloadPortFact]] = [:]
  /// Ports on which connections were observed and no request.
  private var connectionPorts: Set<AccessGraph.Destination> = []
  private var result = OperationUsage()
  /// Rules that a log cannot tell apart, such as two Servers with one access policy, have one entry.
  private var units: [RuleAtWorkload: [Int]] = [:]

  private struct RuleAtWorkload: Hashable {
    var reportedID: String
    var workload: WorkloadID
  }

  init(model: AccessModel, decisions: [ObservedDecision]) {
    self.model = model
    self.decisions = decisions
    var spoken: [AccessGraph.Destination: Set<String>] = [:]
    var watched: Set<WorkloadID> = []
    for decision in decisions {
      guard let workload = decision.key.destination.workload else { continue }
      watched.insert(workload)
      if let port = decision.key.port {
        spoken[.init(workload: workload, port: port), default: []]
          .insert(decision.key.protocolName)
      }
    }
    connectionPorts = Set(spoken.filter { $0.value == ["tcp"] }.keys)
    for fact in model.portFacts() where watched.contains(fact.workload) {
      ports[fact.workload, default: []].append(fact)
    }
  }

  mutating func usage() -> OperationUsage {
    for fact in model.policyFacts()
    where fact.action == .allow && !fact.isDryRun && fact.layer != .networkPolicy {
      for workload in fact.attachedTo {
        guard let ports = ports[workload] else { continue }
        for rule in fact.rules { spread(rule, of: fact.policy, at: workload, ports: ports) }
      }
    }
    for decision in decisions {
      guard decision.key.outcome != .denied, let id = decision.grantedBy,
        let workload = decision.key.destination.workload,
        let candidates = units[RuleAtWorkload(reportedID: id, workload: workload)]
      else { continue }
      let used = candidates.filter { isUse(decision.key, of: result.granted[$0]) }
      if !used.isEmpty { result.uses[decision.key] = used }
    }
    return result
  }

  // MARK: Granted

  private mutating func spread(
    _ rule: PolicyFact.Rule, of policy: ResourceReference, at workload: WorkloadID,
    ports: [WorkloadPortFact]
  ) {
    guard let id = rule.reportedID else { return }
    var found: Set<GrantedOperation> = []
    for clause in rule.operations.isEmpty ? [[]] : rule.operations.map(\.terms) {
      func terms(_ kind: String) -> [PolicyFact.Term] { clause.filter { $0.kind == kind } }
      let portTerms = terms("port")
      for port in ports where OperationUsageBuilder.names(portTerms, String(port.port)) {
        // What lists neither methods nor paths is not measured in them: it grants the port.
        if takesConnections(port)
          || !clause.contains(where: { ["method", "path"].contains($0.kind) })
        {
          found.insert(
            GrantedOperation(
              workload: workload, policy: policy, ruleIndex: rule.index, port: port.port,
              method: nil, path: nil))
          continue
        }
        let all = port.protocolName == "grpc" ? ["POST"] : OperationUsageBuilder.methods
        var paths = terms("path").filter { !$0.isNegated }.map(\.value)
        if isLinkerds(policy) {
          // A prefix of a route is written as the path itself and everything below it.
          let below = Set(paths.lazy.filter { $0.hasSuffix("/*") }.map { String($0.dropLast(2)) })
          paths.removeAll(where: below.contains)
        }
        for method in OperationUsageBuilder.methods(terms("method"), among: all) {
          for path in paths.isEmpty ? [nil] : paths.map(Optional.some) {
            found.insert(
              GrantedOperation(
                workload: workload, policy: policy, ruleIndex: rule.index, port: port.port,
                method: method, path: path))
          }
        }
      }
    }
    guard !found.isEmpty else { return }
    let key = RuleAtWorkload(reportedID: id, workload: workload)
    let start = result.granted.count
    result.granted += found.sorted {
      ($0.port, $0.path ?? "", $0.method ?? "") < ($1.port, $1.path ?? "", $1.method ?? "")
    }
    units[key, default: []] += start..<result.granted.count
  }

  /// Whether policies see no more than connections there.
  private func takesConnections(_ port: WorkloadPortFact) -> Bool {
    if model.fact(of: port.workload)?.dataplane == .ambient { return true }
    if let name = port.protocolName { return ["tcp", "tls", "opaque"].contains(name) }
    return connectionPorts.contains(.init(workload: port.workload, port: port.port))
  }

  private static func names(_ terms: [PolicyFact.Term], _ value: String) -> Bool {
    let wanted = terms.filter { !$0.isNegated }
    return (wanted.isEmpty || wanted.contains { $0.value == value })
      && !terms.contains { $0.isNegated && $0.value == value }
  }

  /// The methods that a clause grants; of patterns (`*`, `P*`) those that they hold.
  private static func methods(_ terms: [PolicyFact.Term], among all: [String]) -> [String] {
    func holds(_ pattern: String, _ method: String) -> Bool {
      if pattern.hasSuffix("*") { return method.hasPrefix(pattern.dropLast()) }
      if pattern.hasPrefix("*") { return method.hasSuffix(pattern.dropFirst()) }
      return pattern == method
    }
    let wanted = terms.filter { !$0.isNegated }.map(\.value)
    let known = Set(all).union(wanted.filter { !$0.contains("*") })
    return known.sorted().filter { method in
      (wanted.isEmpty || wanted.contains { holds($0, method) })
        && !terms.contains { $0.isNegated && holds($0.value, method) }
    }
  }

  // MARK: Used

  private func isUse(_ key: ObservedRequestKey, of granted: GrantedOperation) -> Bool {
    guard key.port == granted.port else { return false }
    guard let method = granted.method, key.protocolName != "tcp" else { return true }
    if let used = key.method, used != method { return false }
    guard let path = granted.path, let template = key.pathTemplate else { return true }
    if isLinkerds(granted.policy), path.hasSuffix("/*"), template == path.dropLast(2) {
      return true
    }
    return ObservedPath.mayBe(in: template, path: path)
  }

  private func isLinkerds(_ policy: ResourceReference) -> Bool {
    policy.kind.group == "policy.linkerd.io"
  }
}
