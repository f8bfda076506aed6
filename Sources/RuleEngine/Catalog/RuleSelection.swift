package import AuditModel

/// Which rules run: those of the packs and ids that are named, less those that are taken out.
package struct RuleSelection: Sendable, Hashable {
  /// Empty: all packs.
  package var packs: Set<String>
  /// Empty: all rules of the packs.
  package var ids: Set<String>
  package var excludedIDs: Set<String>

  package init(packs: Set<String> = [], ids: Set<String> = [], excludedIDs: Set<String> = []) {
    self.packs = packs
    self.ids = ids
    self.excludedIDs = excludedIDs
  }

  package static let all = RuleSelection()

  package func contains(_ rule: Rule) -> Bool {
    func names(_ set: Set<String>) -> Bool {
      set.contains(rule.id) || rule.aliases.contains { set.contains($0) }
    }
    return (packs.isEmpty || packs.contains(rule.pack)) && (ids.isEmpty || names(ids))
      && !names(excludedIDs)
  }
}
