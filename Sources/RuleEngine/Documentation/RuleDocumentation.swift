package import AuditModel
import MeshModel

/// The page of one rule in Markdown, for `meshaudit rules show ID` and the method appendix of reports.
///
/// Made from the rule's own folder, so that the page, the tests and what runs cannot drift apart.
package enum RuleDocumentation {
  package static func markdown(_ rule: Rule, in catalog: RuleCatalog) -> String {
    var page = """
      # \(rule.id) \(rule.name)

      \(rule.title).

      | severity | confidence | pack | needs | since |
      |---|---|---|---|---|
      | \(rule.severity.rawValue) | \(rule.confidence.rawValue) | \(rule.pack) | \(needs(rule)) \
      | \(rule.since) |

      **Question.** \(rule.question)

      **Why.** \(rule.why)

      **Remediation.** \(rule.remediation)

      """
    if !rule.aliases.isEmpty {
      page += "\nEarlier names: \(rule.aliases.joined(separator: ", ")).\n"
    }
    page += parameters(rule)
    page += controls(rule, catalog)
    page += examples(catalog.examples[rule.id, default: []])
    let reads = rule.reads.map { "`\($0)`" }.joined(separator: ", ")
    page += "\n## Check\n\nReads \(reads).\(inherited(rule, catalog))\n\n\(fenced(rule.sql, "sql"))"
    page += references(rule)
    return page
  }

  private static func inherited(_ rule: Rule, _ catalog: RuleCatalog) -> String {
    guard let rules = catalog.inherited[rule.id] else { return "" }
    let names = rules.map { "[\($0.id)](\($0.id).md)" }.joined(separator: ", ")
    return " Judges by what \(names) find (`:verdicts`)."
  }

  private static func needs(_ rule: Rule) -> String {
    rule.needs.isEmpty ? "nothing" : rule.needs.map(\.text).joined(separator: ", ")
  }

  private static func parameters(_ rule: Rule) -> String {
    guard !rule.parameters.isEmpty else { return "" }
    let lines = rule.parameters.map {
      "| `\($0.name)` | `\($0.defaultValue.canonicalText)` | \(cell($0.documentation)) |\n"
    }
    return "\n## Parameters\n\n| name | default | meaning |\n|---|---|---|\n\(lines.joined())"
  }

  private static func controls(_ rule: Rule, _ catalog: RuleCatalog) -> String {
    let controls = catalog.controls(of: rule.id)
    guard !controls.isEmpty else { return "" }
    var text =
      "\n## Bears on\n\n| framework | control | effect | applies from |\n|---|---|---|---|\n"
    for (framework, control, effects) in controls {
      let dates = control.appliesFrom.map {
        $0.route.isEmpty ? $0.from : "\($0.from) (\($0.route))"
      }.joined(separator: ", ")
      text +=
        "| \(cell(framework.title)), \(cell(framework.edition)) "
        + "| \(cell(control.label)) \(cell(control.title)) "
        + "| \(effects.map(\.rawValue).joined(separator: ", ")) | \(dates) |\n"
    }
    return text
  }

  private static func examples(_ examples: [RuleExample]) -> String {
    func those(_ outcome: RuleExample.Outcome) -> [RuleExample] {
      examples.filter { $0.outcome == outcome }
    }
    return section("Fails", those(.fail)) + section("Passes", those(.pass))
      + section("Cannot be judged", those(.notAssessed))
  }

  private static func section(_ title: String, _ examples: [RuleExample]) -> String {
    guard !examples.isEmpty else { return "" }
    var text = "\n## \(title)\n"
    for example in examples {
      text += "\n### \(example.name)\n"
      for run in example.earlierRuns {
        text += "\nRun of \(run.asOf.dayText):\n"
        for file in run.files {
          text += "\n`\(file.path)`\n\n\(fenced(shortened(file.text), language(file.path)))"
        }
      }
      if !example.earlierRuns.isEmpty { text += "\nThen:\n" }
      for file in example.files {
        text += "\n`\(file.path)`\n\n\(fenced(shortened(file.text), language(file.path)))"
      }
      let subjects = example.expectations.compactMap(\.subject)
      if !subjects.isEmpty {
        text += "\nFound: \(subjects.map { "`\($0)`" }.joined(separator: ", ")).\n"
      }
    }
    return text
  }

  /// The first lines of a long file (certificates, logs).
  private static func shortened(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 60 else { return text }
    return lines.prefix(50).joined(separator: "\n") + "\n… \(lines.count - 50) more lines\n"
  }

  private static func references(_ rule: Rule) -> String {
    guard !rule.references.isEmpty else { return "" }
    let lines = rule.references.map { reference in
      reference.url.map { "- [\(reference.title)](\($0))\n" } ?? "- \(reference.title)\n"
    }
    return "\n## References\n\n\(lines.joined())"
  }

  private static func language(_ path: String) -> String {
    for (ending, name) in [(".yaml", "yaml"), (".json", "json"), (".jsonl", "json")]
    where path.hasSuffix(ending) {
      return name
    }
    return "text"
  }

  /// A fence that is longer than any inside.
  private static func fenced(_ text: String, _ language: String) -> String {
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)\n"
  }

  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
      .split(separator: "\n").joined(separator: " ")
  }
}
