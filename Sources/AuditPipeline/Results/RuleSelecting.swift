import AuditModel
import MeshModel
package import RuleEngine

extension RuleCatalog {
  /// The catalog of the binary, or of a folder.
  ///
  /// A rule that does not load stops the run: silently fewer rules would look like fewer findings.
  package static func checked(directory: String?) throws(PipelineError) -> RuleCatalog {
    try checked(
      RulePackLoader.load(files: try RuleFiles.load(directory: directory)))
  }

  /// The same for a run, which needs no examples; those of the binary were run before it was built.
  static func runnable(directory: String?) throws(PipelineError) -> RuleCatalog {
    try checked(
      RulePackLoader.load(
        files: try RuleFiles.load(directory: directory), readsExamples: directory != nil))
  }

  private static func checked(_ catalog: RuleCatalog) throws(PipelineError) -> RuleCatalog {
    let errors = catalog.diagnostics.filter { $0.severity == .error }
    if let first = errors.first {
      let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
      throw PipelineError(
        .usage, "the rules do not load: \(first.description)\(more)",
        hint: "run `meshaudit rules test` on them")
    }
    return catalog
  }

  /// Ids and aliases of all rules.
  var ruleNames: Set<String> { Set(rules.flatMap { [$0.id] + $0.aliases }) }

  /// SHA-256 over all rules, in hex.
  var digest: String {
    var text = ""
    for rule in rules {
      text += "\(rule.id)\n\(rule.severity.rawValue)\n\(rule.sql)\n"
      for parameter in rule.parameters {
        text += "\(parameter.name)=\(parameter.defaultValue.canonicalText)\n"
      }
      for other in inherited[rule.id] ?? [] { text += "inherits \(other.id)\n" }
    }
    for framework in frameworks {
      for control in framework.controls {
        for mapping in control.mappings {
          text += "\(framework.id) \(framework.edition) \(control.id) \(mapping.ruleID)\n"
        }
      }
    }
    return Digest.sha256(Array(text.utf8))
  }
}

extension AuditOptions {
  /// The catalog with the rules that were asked for; unknown packs and rules are usage errors.
  func selection(in catalog: RuleCatalog) throws(PipelineError) -> RuleCatalog {
    for pack in packs where !catalog.packs.contains(where: { $0.id == pack }) {
      let known = catalog.packs.map(\.id).joined(separator: ", ")
      throw PipelineError(.usage, "there is no pack \"\(pack)\"", hint: "packs: \(known)")
    }
    let named = onlyRules + skipRules + Array(ruleParameters.keys) + Array(severityOverrides.keys)
    for id in named.sorted() where catalog.rule(id) == nil {
      throw PipelineError(
        .usage, "there is no rule \"\(id)\"", hint: "`meshaudit rules list` lists them")
    }
    func ids(_ names: [String]) -> Set<String> { Set(names.compactMap { catalog.rule($0)?.id }) }
    let selection = RuleSelection(
      packs: Set(packs), ids: ids(onlyRules), excludedIDs: ids(skipRules))
    var result = catalog
    result.rules = catalog.rules.filter(selection.contains)
    guard !result.rules.isEmpty else {
      throw PipelineError(
        .usage, "no rule is selected", hint: "check --pack, --rule and --skip-rule")
    }
    return result
  }
}
