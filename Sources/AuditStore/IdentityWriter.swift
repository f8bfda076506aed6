import AuditModel
import GRDB
import MeshModel

/// Writes the identities that workloads are known to get: those of their meshes, then those that SPIRE
/// alone issues.
enum IdentityWriter {
  static func write(_ facts: RunFacts, _ connection: Database, runID: Int64) throws {
    let writer = try RowWriter(
      connection, table: "identities",
      columns: [
        "run_id", "principal", "trust_domain", "namespace", "service_account", "identity_key",
        "issuer", "selectors",
      ])
    var selectors: [String: Set<String>] = [:]
    for registration in facts.registrations where registration.isCertain {
      guard let principal = registration.spiffeID else { continue }
      selectors[principal, default: []].formUnion(registration.selectors)
    }
    var seen: Set<String> = []
    func write(_ principal: String?, _ account: Account?, issuer: String) throws {
      guard let principal, seen.insert(principal).inserted else { return }
      let trustDomain = SPIFFEID(principal)?.trustDomain ?? LinkerdIdentity(principal)?.trustDomain
      var key: String?
      if let trustDomain, let account {
        key = "\(trustDomain)/ns/\(account.namespace)/sa/\(account.name)"
      }
      try writer.insert([
        runID, principal, trustDomain, account?.namespace, account?.name, key, issuer,
        selectors[principal].map { JSONText.array($0.sorted()) },
      ])
    }
    for fact in facts.workloads {
      let workload = fact.workload
      let account =
        workload.hasServiceAccount
        ? (workload.id.namespace, workload.serviceAccount) : fact.principal.flatMap(named(by:))
      try write(fact.principal, account, issuer: fact.layer.rawValue)
    }
    for principal in selectors.keys.sorted() {
      try write(principal, named(by: principal), issuer: "spire")
    }
  }

  private typealias Account = (namespace: String, name: String)

  /// Namespace and service account that an identity itself names.
  private static func named(by principal: String) -> Account? {
    if let linkerd = LinkerdIdentity(principal) {
      return (linkerd.namespace, linkerd.serviceAccount)
    }
    return SPIFFEID(principal)?.istioServiceAccount
  }
}
