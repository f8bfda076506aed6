import AuditModel
import AuditStore
import Foundation
import RuleEngine

/// `meshaudit docs`: pages that are written out of the code.
package enum GeneratedDocs {
  /// Writes pages that differ from what they should be; returns their paths.
  package static func update(folder: String, isCheck: Bool) throws(PipelineError) -> [String] {
    var stale: [String] = []
    for (name, text) in try pages() {
      let path = "\(folder)/\(name)"
      let current = FileManager.default.contents(atPath: path).map(Array.init)
      guard current != Array(text.utf8) else { continue }
      stale.append(path)
      if !isCheck {
        try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
        try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644)
      }
    }
    return stale
  }

  private static func pages() throws(PipelineError) -> [(String, String)] {
    var pages = [("views.md", ViewDocumentation.markdown)]
    let catalog = try RuleCatalog.checked(directory: nil)
    var index = "# Rule catalogue\n\nGenerated from `rules/` by `make docs`; do not edit.\n\n"
    index += "| id | severity | pack | title |\n|---|---|---|---|\n"
    for rule in catalog.rules {
      index +=
        "| [\(rule.id)](catalogue/\(rule.id).md) | \(rule.severity.rawValue) | \(rule.pack) | \(rule.title) |\n"
      pages.append(("catalogue/\(rule.id).md", RuleDocumentation.markdown(rule, in: catalog)))
    }
    pages.append(("catalogue.md", index))
    return pages
  }
}
