import AuditModel
import DocumentReader
package import MeshModel

/// Reads the tree `rules/` into a catalog.
///
/// ```
/// <pack>/pack.yaml
/// <pack>/<ID-name>/rule.yaml   check.sql   examples/fail-*   examples/pass-*
/// frameworks/<name>.yaml
/// ```
///
/// What is wrong with a rule is a diagnostic at its place, and that rule does not load; the others do.
package enum RulePackLoader {
  /// - Parameter readsExamples: false where nobody will run them, and each rule is known to have some.
  package static func load(files: [EmbeddedFile], readsExamples: Bool = true) -> RuleCatalog {
    let sink = DiagnosticSink()
    var catalog = RuleCatalog()
    var tree = RuleTree(files: files, sink: sink)
    var inherits: [String: [Located<String>]] = [:]
    for pack in tree.packNames {
      catalog.packs.append(RulePackReader.read(pack, in: tree, sink: sink))
      for folder in tree.ruleFolders(of: pack) {
        let reader = RuleReader(
          tree: tree, pack: pack, folder: folder, readsExamples: readsExamples, sink: sink)
        guard let loaded = reader.read() else { continue }
        catalog.rules.append(loaded.rule)
        catalog.examples[loaded.rule.id] = loaded.examples
        inherits[loaded.rule.id] = loaded.inherits
      }
    }
    removeDoubles(&catalog, sink)
    let ids = Set(catalog.rules.map(\.id))
    catalog.frameworks = tree.frameworkFiles().flatMap {
      FrameworkReader(file: $0, ruleIDs: ids, sink: sink).read()
    }
    RuleInheritance.resolve(inherits, in: &catalog, sink)
    catalog.packs.sort { $0.id < $1.id }
    catalog.rules.sort { $0.id < $1.id }
    catalog.frameworks.sort { $0.id < $1.id }
    catalog.diagnostics = sink.diagnostics
    return catalog
  }

  /// Ids and aliases name one rule each; the first one met stays.
  private static func removeDoubles(_ catalog: inout RuleCatalog, _ sink: DiagnosticSink) {
    var owners: [String: SourceLocation] = [:]
    catalog.rules = catalog.rules.filter { rule in
      for name in [rule.id] + rule.aliases {
        if let first = owners[name] {
          sink.report(
            .error, "double-rule-id", "the rule id \"\(name)\" is taken", at: rule.location,
            hint: "it is first used in \(first.path); ids are permanent, take the next free one")
          return false
        }
      }
      for name in [rule.id] + rule.aliases { owners[name] = rule.location }
      return true
    }
  }
}

/// The files by what they are.
struct RuleTree {
  private var byPath: [String: EmbeddedFile] = [:]
  private var paths: [String] = []
  private let sink: DiagnosticSink

  init(files: [EmbeddedFile], sink: DiagnosticSink) {
    self.sink = sink
    for file in files { byPath[file.path] = file }
    paths = byPath.keys.sorted()
  }

  /// First folders that hold a `pack.yaml` or a folder with a `rule.yaml`.
  var packNames: [String] {
    var names: Set<String> = []
    for path in paths {
      let parts = path.split(separator: "/")
      if parts.count == 2, parts[1] == "pack.yaml" { names.insert(String(parts[0])) }
      if parts.count == 3, parts[2] == "rule.yaml" { names.insert(String(parts[0])) }
    }
    return names.sorted()
  }

  /// Folders of a pack, whole or not: one that lacks its `rule.yaml` is reported when it is read.
  func ruleFolders(of pack: String) -> [String] {
    var names: Set<String> = []
    for path in paths {
      let parts = path.split(separator: "/")
      if parts.count >= 3, parts[0] == pack { names.insert(String(parts[1])) }
    }
    return names.sorted()
  }

  mutating func frameworkFiles() -> [EmbeddedFile] {
    paths.filter { $0.hasPrefix("frameworks/") && $0.hasSuffix(".yaml") }.compactMap { byPath[$0] }
  }

  subscript(_ path: String) -> EmbeddedFile? { byPath[path] }

  /// Files below a folder, with paths inside it.
  func files(under folder: String) -> [EmbeddedFile] {
    let prefix = folder + "/"
    return paths.filter { $0.hasPrefix(prefix) }.compactMap { path in
      byPath[path].map {
        EmbeddedFile(path: String(path.dropFirst(prefix.count)), bytes: $0.bytes)
      }
    }
  }
}

/// Reads `pack.yaml`; a pack without one goes by its folder's name.
enum RulePackReader {
  static func read(_ name: String, in tree: RuleTree, sink: DiagnosticSink) -> RulePack {
    let path = "\(name)/pack.yaml"
    guard let file = tree[path],
      let node = YAMLDocuments.read(file.text, path: path, into: sink).first
    else {
      sink.report(
        .warning, "missing-pack-file", "the pack \"\(name)\" has no readable pack.yaml",
        at: SourceLocation(path: path), hint: "write one with title and description")
      return RulePack(id: name, title: name, description: "")
    }
    let fields = FieldReader(node, sink: sink)
    let pack = RulePack(
      id: name, title: fields.string("title")?.value ?? name,
      description: fields.string("description")?.value ?? "")
    fields.reportUnknownFields()
    return pack
  }
}
