import AccessAnalysis
import DocumentReader
import Foundation
import ManifestReader
import MeshModel
import Reporting

/// Puts suggested policies into the files that hold what they replace, as one difference.
struct SuggestionMerge {
  let inventory: MeshInventory
  /// What has to be done by hand, one sentence each.
  private(set) var notes: [String] = []
  /// By path; nil for a file that is not there yet.
  private var originals: [String: String?] = [:]
  private var files: [String: MergedFile] = [:]
  /// What the texts are to hold when they are read again.
  private var added: [String: Set<ResourceReference>] = [:]
  private var removed: [String: Set<ResourceReference>] = [:]

  init(_ policies: [SuggestedPolicy], inventory: MeshInventory) throws(PipelineError) {
    self.inventory = inventory
    for policy in policies { try place(policy) }
  }

  /// Takes the paths as they were given, so that `git apply` finds the files from the same folder.
  func diff() throws(PipelineError) -> String {
    var text = ""
    for path in files.keys.sorted() {
      guard let file = files[path] else { continue }
      let before = originals[path] ?? nil
      let after = file.text
      try check(path, before: before, after: after)
      text += UnifiedDiff.text(
        path: try relative(path), before: before, after: after.isEmpty ? nil : after)
    }
    return text
  }

  // MARK: Placing

  private mutating func place(_ policy: SuggestedPolicy) throws(PipelineError) {
    let documents = zip(policy.written, SuggestionYAML.documents(policy, isMerged: true))
    let fresh = Set(policy.written)
    var home: (path: String, document: Int)?
    for reference in policy.replaced + policy.written {
      guard let place = place(of: reference), home == nil || !fresh.contains(reference) else {
        continue
      }
      if home == nil { home = place }
    }
    for reference in policy.replaced where !fresh.contains(reference) {
      guard let place = place(of: reference) else { continue }
      files[place.path]?.remove(place.document)
      removed[place.path, default: []].insert(reference)
    }
    if home == nil { home = try newFile(for: policy) }
    guard let home else { return }
    var last = home.document
    for (reference, text) in documents {
      if let place = place(of: reference) {
        files[place.path]?.replace(place.document, by: text)
        if place.path == home.path { last = place.document }
        added[place.path, default: []].insert(reference)
      } else {
        files[home.path]?.insert(text, behind: last)
        added[home.path, default: []].insert(reference)
      }
    }
  }

  /// The document that is a resource; nil where there is none, or none of its own.
  private mutating func place(of reference: ResourceReference) -> (path: String, document: Int)? {
    guard let resource = inventory.resources.first(where: { $0.metadata.reference == reference })
    else {
      return nil
    }
    let location = resource.metadata.location
    if files[location.path] == nil {
      guard let file = try? WholeFile.read(location.path), !file.isCompressed,
        let bytes = file.bytes,
        let text = String(validating: bytes, as: UTF8.self)
      else {
        note(reference, "cannot be read as text")
        return nil
      }
      originals[location.path] = text
      files[location.path] = MergedFile(text)
    }
    guard
      let document = files[location.path]?.document(at: location.line, kind: reference.kind.kind)
    else {
      note(reference, "is no YAML document of its own")
      return nil
    }
    return (location.path, document)
  }

  private mutating func note(_ reference: ResourceReference, _ why: String) {
    let text = "\(reference.text) \(why): change it by hand"
    if !notes.contains(text) { notes.append(text) }
  }

  /// A file beside the one of the workload.
  private mutating func newFile(for policy: SuggestedPolicy) throws(PipelineError)
    -> (path: String, document: Int)
  {
    let name = "\(policy.workload.namespace)_\(policy.workload.name)-access.yaml"
    let manifest =
      inventory.workloads.first { $0.id == policy.workload }?.location.path ?? name
    let folder = manifest.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = (folder + [Substring(name)]).joined(separator: "/")
    guard !FileManager.default.fileExists(atPath: path) else {
      throw PipelineError(
        .usage, "\"\(path)\" is there already, and holds no policy of \(policy.workload)",
        hint: "rename it, or write the suggestion with --out")
    }
    originals[path] = .some(nil)
    files[path] = MergedFile("")
    return (path, MergedFile.start)
  }

  // MARK: Checking

  /// What is in the text afterwards is what was there, without what goes and with what comes.
  private func check(_ path: String, before: String?, after: String) throws(PipelineError) {
    let old = before.map(references) ?? []
    let expected = old.subtracting(removed[path] ?? []).union(added[path] ?? [])
    guard references(after) == expected else {
      throw PipelineError(
        .failed, "the suggestion cannot be put into \"\(path)\"",
        hint: "write it with --out and put it there by hand")
    }
  }

  private func references(_ text: String) -> Set<ResourceReference> {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for node in YAMLDocuments.read(text, path: "merged", into: sink) { _ = reader.read(node) }
    return Set(reader.finish().resources.map(\.metadata.reference))
  }

  private func relative(_ path: String) throws(PipelineError) -> String {
    var text = path[...]
    let folder = FileManager.default.currentDirectoryPath + "/"
    if text.hasPrefix(folder) { text = text.dropFirst(folder.count) }
    while text.hasPrefix("./") { text = text.dropFirst(2) }
    guard !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
      throw PipelineError(
        .usage, "\"\(path)\" is not below this folder, so no difference can name it",
        hint: "run the command in the folder from which the difference is to be applied")
    }
    return String(text)
  }
}

/// A file of YAML documents of which some are exchanged.
struct MergedFile {
  /// The place before the first document.
  static let start = -1

  private struct Document {
    /// The separator above it, empty for the first.
    var separator: String
    /// Comments that belong to the file, with the blank line below them.
    var heading: String
    var body: String
    var firstLine: Int
    var lastLine: Int
    var isGone = false
    var inserted: [String] = []
  }

  private var documents: [Document] = []
  private var insertedFirst: [String] = []

  init(_ text: String) {
    var number = 1
    var current = Document(separator: "", heading: "", body: "", firstLine: 1, lastLine: 0)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "---" || line.hasPrefix("--- ") || line.hasPrefix("---\t") {
        close(&current, number)
        current = Document(
          separator: "\(line)\n", heading: "", body: "", firstLine: number + 1, lastLine: 0)
      } else {
        current.body += "\(line)\n"
      }
      number += 1
    }
    // The last piece of the split is what stands behind the last line feed.
    if text.isEmpty { return }
    current.body.removeLast()
    close(&current, number)
  }

  private mutating func close(_ document: inout Document, _ number: Int) {
    document.lastLine = number - 1
    if document.separator.isEmpty, document.body.isEmpty, documents.isEmpty { return }
    let lines = document.body.split(separator: "\n", omittingEmptySubsequences: false)
    let content = lines.firstIndex { !$0.isEmpty && !$0.hasPrefix("#") } ?? lines.count
    if let blank = lines[..<content].lastIndex(where: \.isEmpty), blank + 1 < lines.count {
      document.heading = lines[...blank].map { "\($0)\n" }.joined()
      document.body = lines[(blank + 1)...].joined(separator: "\n")
    }
    documents.append(document)
  }

  /// The place of the document that holds a line, when it is a resource of that kind by itself.
  func document(at line: Int, kind: String) -> Int? {
    documents.firstIndex { document in
      guard document.firstLine <= line, line <= document.lastLine else { return false }
      let lines = document.body.split(separator: "\n")
      return lines.contains { line in
        line.hasPrefix("kind:")
          && line.dropFirst("kind:".count).split(whereSeparator: { " \"'\t\r".contains($0) }).first
            .map { $0 == kind } ?? false
      }
    }
  }

  mutating func remove(_ document: Int) { documents[document].isGone = true }

  mutating func replace(_ document: Int, by text: String) {
    documents[document].isGone = false
    documents[document].body = text
  }

  mutating func insert(_ text: String, behind document: Int) {
    if document == MergedFile.start {
      insertedFirst.append(text)
    } else {
      documents[document].inserted.append(text)
    }
  }

  var text: String {
    var result = insertedFirst.joined(separator: "---\n")
    for document in documents {
      let parts = (document.isGone ? [] : [document.body]) + document.inserted
      guard !parts.isEmpty else {
        result += document.heading
        continue
      }
      let separator =
        document.separator.isEmpty && !result.isEmpty && !isHeadingOnly(result)
        ? "---\n" : document.separator
      if separator.isEmpty || result.isEmpty || result.hasSuffix("\n") {
        result += separator
      } else {
        result += "\n" + separator
      }
      result += document.heading
      for (index, part) in parts.enumerated() {
        if index > 0 { result += (result.hasSuffix("\n") ? "" : "\n") + "---\n" }
        result += part
      }
    }
    return result
  }

  private func isHeadingOnly(_ text: String) -> Bool {
    text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") }
  }
}
