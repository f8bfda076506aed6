import AuditModel
import RuleEngine

/// Which rules a gate and an audit look at differently.
enum GateRules {
  /// Rules that compare the policies with the traffic of the mesh that runs them.
  ///
  /// A head does not run yet: what it refuses of that traffic is replayed, and is no traffic past its
  /// policies.
  static let ofRunningMesh: Set<String> = ["LP-052"]

  /// Rules that compare two configurations: an audit has one, and leaves them out unless it is asked for
  /// them.
  ///
  /// What they find the gate shows as access and as broken requests, and judges by its conditions.
  static let ofChange: Set<String> = ["LP-059", "LP-060"]
}

extension RuleCatalog {
  /// With these rules of a larger catalog, whatever was selected.
  func adding(_ ids: Set<String>, from catalog: RuleCatalog) -> RuleCatalog {
    var result = self
    let present = Set(rules.map(\.id))
    result.rules = catalog.rules.filter { present.contains($0.id) || ids.contains($0.id) }
    return result
  }
}
