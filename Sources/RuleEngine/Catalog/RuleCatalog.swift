package import AuditModel
package import MeshModel

/// Everything under `rules/`: packs, rules with their examples, and frameworks.
package struct RuleCatalog: Sendable {
  /// Sorted by id.
  package var packs: [RulePack]
  /// Sorted by id.
  package var rules: [Rule]
  /// Sorted by id.
  package var frameworks: [Framework]
  /// By rule id, sorted by name.
  package var examples: [String: [RuleExample]]
  /// By the id of a rule that judges by what others find: those rules, in the order of its `inherits`.
  ///
  /// Kept whole when rules are selected, since a rule needs them selected or not.
  package var inherited: [String: [Rule]] = [:]
  /// What did not load and why.
  package var diagnostics: [Diagnostic]

  package init(
    packs: [RulePack] = [], rules: [Rule] = [], frameworks: [Framework] = [],
    examples: [String: [RuleExample]] = [:], diagnostics: [Diagnostic] = []
  ) {
    self.packs = packs
    self.rules = rules
    self.frameworks = frameworks
    self.examples = examples
    self.diagnostics = diagnostics
  }

  /// The rule of an id or of an alias, in any case.
  package func rule(_ id: String) -> Rule? {
    let wanted = id.uppercased()
    return rules.first { $0.id == wanted }
      ?? rules.first { $0.aliases.contains { $0.uppercased() == wanted } }
  }

  /// The controls that a rule bears on, in the order of the frameworks.
  package func controls(of ruleID: String) -> [(
    framework: Framework, control: Control, effects: [Control.Effect]
  )] {
    frameworks.flatMap { framework in
      framework.controls.flatMap { control in
        control.mappings.filter { $0.ruleID == ruleID }.map { (framework, control, $0.effects) }
      }
    }
  }
}
