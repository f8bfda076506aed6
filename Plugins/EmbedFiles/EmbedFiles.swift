import Foundation
import PackagePlugin

/// Compiles a target's own folder into it: `rules/` and `reports/` become part of the binary.
///
/// Every file is an input of the build command, so that an edit, an addition or a deletion makes the
/// list anew. The target is rooted at the folder itself; one whose target lay elsewhere went stale.
@main
struct EmbedFiles: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let files = module.sourceFiles.map(\.url).filter { $0.pathExtension != "swift" }
      .sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "\(target.name)Files.swift")
    let list = context.pluginWorkDirectoryURL.appending(path: "\(target.name)Files.txt")
    // The list goes through a file: thousands of arguments would not fit on a command line.
    let text = files.map(\.path).joined(separator: "\n")
    if (try? String(contentsOf: list, encoding: .utf8)) != text {
      try text.write(to: list, atomically: true, encoding: .utf8)
    }
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) files of \(target.name)",
        executable: try context.tool(named: "embed").url,
        arguments: [target.name, target.directoryURL.path, list.path, output.path],
        inputFiles: files + [list], outputFiles: [output])
    ]
  }
}
