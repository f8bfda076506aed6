import Foundation
package import MeshModel
import RulePacks

/// The tree of rules: the one in the binary, or a folder that stands in for it.
package enum RuleFiles {
  package static func load(directory: String?) throws(PipelineError) -> [EmbeddedFile] {
    guard let directory else { return RulePacks.files }
    return try FileTree.read(directory)
  }
}

/// Reads a folder as a tree of files.
package enum FileTree {
  /// Every regular file below `root` with its path inside it, sorted; hidden files are left out.
  package static func read(_ root: String) throws(PipelineError) -> [EmbeddedFile] {
    guard FileKind.of(root) == .folder else {
      throw PipelineError(.usage, "there is no folder \"\(root)\"")
    }
    let found = InputDiscovery.files(below: [root])
    if let failure = found.failures.first {
      throw PipelineError(.usage, "\"\(failure.path)\" cannot be read: \(failure.reason)")
    }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    var files: [EmbeddedFile] = []
    for file in found.files {
      guard let data = FileManager.default.contents(atPath: file.path) else {
        throw PipelineError(.usage, "\"\(file.path)\" cannot be read")
      }
      files.append(
        EmbeddedFile(path: String(file.path.dropFirst(prefix.count)), bytes: Array(data)))
    }
    return files
  }
}
