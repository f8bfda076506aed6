import AuditModel
import MeshModel

/// Which callers a destination's policies can tell apart, where they name them one by one.
///
/// Holds at sidecars without NetworkPolicy: a policy there sees of a workload its identity and nothing
/// else. A policy that matches callers by patterns, or by conditions on the source, is not looked into.
struct NamedCallers {
  /// Sources that come out alike at one destination.
  struct Groups {
    /// All of `members` come out as `first` does; later groups overwrite earlier ones.
    var shared: [(first: Int, members: [Int])]
    /// Come out on their own, whatever group they are in.
    var single: [Int]
  }

  private let model: AccessModel
  /// Workloads that show an identity, by trust domain.
  private var byTrustDomain: [String: [Int]] = [:]
  private var byNamespace: [String: [Int]] = [:]
  /// By `namespace/service account`.
  private var byAccount: [String: [Int]] = [:]
  /// Workloads whose identity does not reach a sidecar.
  private var anonymous: [Int] = []
  /// No workloads, or of an identity that is not known or of another form.
  private var others: [Int] = []

  /// - Parameter sources: one of each class.
  init(_ sources: [AccessGraph.Source], model: AccessModel) {
    self.model = model
    for (index, source) in sources.enumerated() {
      guard source.kind == .workload, let fact = source.workload.flatMap({ model.fact(of: $0) }),
        !fact.lacksNamespace
      else {
        others.append(index)
        continue
      }
      guard fact.layer == .istio, let principal = source.principal else {
        anonymous.append(index)
        continue
      }
      guard let identity = NamedCallers.parts(principal.dropFirst("spiffe://".count)),
        principal.hasPrefix("spiffe://")
      else {
        others.append(index)
        continue
      }
      byTrustDomain[identity.trustDomain, default: []].append(index)
      byNamespace[identity.namespace, default: []].append(index)
      byAccount["\(identity.namespace)/\(identity.account)", default: []].append(index)
    }
  }

  private static func parts(_ text: Substring) -> (
    trustDomain: String, namespace: String, account: String
  )? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[1] == "ns", parts[3] == "sa", !text.contains("*") else {
      return nil
    }
    return (String(parts[0]), String(parts[2]), String(parts[4]))
  }

  /// Nil where the policies do not name their callers one by one.
  func groups(at destination: WorkloadID, _ policies: [PolicyFact]) -> Groups? {
    guard model.fact(of: destination)?.dataplane == .sidecar else { return nil }
    var namespaces: Set<String> = []
    var accounts: Set<String> = []
    for policy in policies {
      for rule in policy.rules {
        guard
          rule.conditions.allSatisfy({ !$0.kind.hasPrefix("source.") || $0.kind == "source.ip" })
        else { return nil }
        for term in rule.sources.flatMap(\.terms) {
          switch term.kind {
          case "principal":
            if term.value == "*" { continue }
            guard let identity = NamedCallers.parts(term.value[...]) else { return nil }
            accounts.insert("\(identity.namespace)/\(identity.account)")
          case "namespace":
            guard !term.value.contains("*") else { return nil }
            namespaces.insert(term.value)
          case "ip-block", "remote-ip-block", "request-principal": continue
          default: return nil
          }
        }
      }
    }
    var groups = Groups(shared: [], single: others)
    func add(_ members: [Int]) {
      if let first = members.first { groups.shared.append((first, members)) }
    }
    add(anonymous)
    // The first of a group must not be one that a policy names.
    let named = Set(accounts.flatMap { byAccount[$0] ?? [] })
    let inside = Set(namespaces.flatMap { byNamespace[$0] ?? [] })
    for members in byTrustDomain.values {
      let first = members.first { !named.contains($0) && !inside.contains($0) }
      if let first { groups.shared.append((first, members)) }
    }
    // Identities of several trust domains in one namespace are decided one by one.
    groups.single += named
    groups.single += inside
    return groups
  }
}
