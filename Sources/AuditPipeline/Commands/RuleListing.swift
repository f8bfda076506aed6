import AuditModel
import Foundation
import MeshModel
package import Reporting
import RuleEngine

/// `meshaudit rules list`, `show` and `new`.
package enum RuleListing {
  /// One row for each rule.
  package static func table(directory: String?, pack: String?) throws(PipelineError) -> TextTable {
    let catalog = try RuleCatalog.checked(directory: directory)
    if let pack, !catalog.packs.contains(where: { $0.id == pack }) {
      throw PipelineError(
        .usage, "there is no pack \"\(pack)\"",
        hint: "packs: \(catalog.packs.map(\.id).joined(separator: ", "))")
    }
    return TextTable(
      columns: ["id", "severity", "pack", "needs", "title"],
      rows: catalog.rules.filter { pack == nil || $0.pack == pack }.map { rule in
        [
          .string(rule.id), .string(rule.severity.rawValue), .string(rule.pack),
          .string(rule.needs.map(\.rawValue).joined(separator: " ")), .string(rule.title),
        ]
      })
  }

  /// The page of a rule, Markdown.
  package static func documentation(_ id: String, directory: String?) throws(PipelineError)
    -> String
  {
    let catalog = try RuleCatalog.checked(directory: directory)
    guard let rule = catalog.rule(id) else {
      throw PipelineError(
        .usage, "there is no rule \"\(id)\"", hint: "`meshaudit rules list` lists them")
    }
    return RuleDocumentation.markdown(rule, in: catalog)
  }

  /// Writes the folder of a new rule; refuses to overwrite.
  package static func scaffold(id: String, name: String, pack: String, into folder: String)
    throws(PipelineError) -> [String]
  {
    guard let files = RuleScaffold.files(pack: pack, id: id, name: name) else {
      throw PipelineError(
        .usage, "\"\(id)\" and \"\(name)\" do not name a rule",
        hint: "an id is like LP-900, a name like wildcard-principal")
    }
    var paths: [String] = []
    for file in files {
      let path = "\(folder)/\(file.path)"
      guard FileKind.of(path) == .missing else {
        throw PipelineError(.usage, "\"\(path)\" is there already")
      }
      try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
      try AtomicFile.write(file.bytes, to: path, mode: 0o644)
      paths.append(path)
    }
    return paths
  }
}
