import AuditModel
import DocumentReader
import MeshModel

/// Rules that judge by what other rules find, instead of asking the same question again.
///
/// Such a rule cannot disagree with those that it inherits, and it bears on the same controls of every
/// framework but the law that it was written for (rule catalogue 5.4: rules that restate a technical fact
/// inherit its maps).
enum RuleInheritance {
  /// Finds the inherited rules and hands their controls down.
  ///
  /// A name that is no rule, or a rule that inherits itself, is an error of the inheriting rule, which
  /// then does not load.
  static func resolve(
    _ names: [String: [Located<String>]], in catalog: inout RuleCatalog, _ sink: DiagnosticSink
  ) {
    let rules = Dictionary(
      catalog.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    catalog.rules = catalog.rules.filter { rule in
      let wanted = names[rule.id] ?? []
      guard !wanted.isEmpty else { return true }
      let found = wanted.compactMap { name -> Rule? in
        guard let inherited = rules[name.value], names[name.value]?.isEmpty ?? true else {
          sink.report(
            .error, "unknown-inherited-rule",
            "\(rule.id) inherits \"\(name.value)\", which is no rule with a check of its own",
            at: name.location, hint: "name rules that do not inherit themselves, by their ids")
          return nil
        }
        return inherited
      }
      guard found.count == wanted.count else { return false }
      catalog.inherited[rule.id] = found
      return true
    }
    for (id, inherited) in catalog.inherited.sorted(by: { $0.key < $1.key }) {
      handDown(from: Set(inherited.map(\.id)), to: id, in: &catalog)
    }
  }

  private static func handDown(
    from inherited: Set<String>, to id: String, in catalog: inout RuleCatalog
  ) {
    for framework in catalog.frameworks.indices
    where catalog.frameworks[framework].id != RuleEvaluation.raisingFramework {
      for control in catalog.frameworks[framework].controls.indices {
        let mappings = catalog.frameworks[framework].controls[control].mappings
        guard !mappings.contains(where: { $0.ruleID == id }),
          let mapping = mappings.first(where: { inherited.contains($0.ruleID) })
        else { continue }
        catalog.frameworks[framework].controls[control].mappings.append(
          Control.Mapping(ruleID: id, effects: mapping.effects))
      }
    }
  }
}
