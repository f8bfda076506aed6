import Foundation

/// The folder of a change as it was at a revision, read out of a git work tree.
///
/// Reads only: neither the index nor the work tree of the user is touched, and hooks are not run. The
/// copy goes when this is released.
final class GitRevision {
  /// The revision as the user named it.
  let name: String
  /// Where the files of that revision lie now.
  let folder: String

  /// - Parameters:
  ///   - name: a branch, tag or commit.
  ///   - path: a folder or file in the work tree.
  init(_ name: String, of path: String) throws(PipelineError) {
    self.name = name
    folder = NSTemporaryDirectory() + "meshaudit-base-" + UUID().uuidString
    let isFile =
      switch FileKind.of(path) {
      case .file: true
      default: false
      }
    let place = isFile ? (path as NSString).deletingLastPathComponent : path
    let directory = place.isEmpty ? "." : place
    let top = try Git.run(["rev-parse", "--show-prefix"], in: directory) { message in
      PipelineError(
        .usage, "there is no file or folder \"\(name)\", and \"\(path)\" is in no git work tree",
        hint: message.isEmpty ? "give --base a folder" : "git: \(message)")
    }
    let prefix = top.hasSuffix("\n") ? String(top.dropLast()) : top
    guard !name.hasPrefix("-") else {
      throw PipelineError(.usage, "\"\(name)\" is no revision")
    }
    let commit = try Git.run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: directory
    ) { _ in
      PipelineError(
        .usage, "there is no file, folder or revision \"\(name)\"",
        hint: "in CI, fetch the target branch first (fetch-depth: 0)")
    }.trimmingCharacters(in: .whitespacesAndNewlines)
    try AtomicFile.makeFolder(folder)
    let subtree = prefix.isEmpty ? commit : "\(commit):\(prefix)"
    // An index of our own; symbolic links are written as files, so that none leads out.
    let environment = ["GIT_INDEX_FILE": folder + ".index"]
    let settings = [
      "-c", "core.symlinks=false", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false",
    ]
    defer { try? FileManager.default.removeItem(atPath: folder + ".index") }
    let isThere = try? Git.run(["cat-file", "-e", subtree], in: directory) { _ in
      PipelineError(.usage, "")
    }
    // A folder that is new in the change was empty before.
    guard isThere != nil else { return }
    let failure: (String) -> PipelineError = { message in
      PipelineError(.failed, "the revision \"\(name)\" cannot be read: \(message)")
    }
    _ = try Git.run(
      settings + ["read-tree", subtree], in: directory, environment: environment,
      failure: failure)
    // From the top: `checkout-index` leaves out what lies above the current folder.
    let root = try Git.run(["rev-parse", "--show-toplevel"], in: directory, failure: failure)
      .trimmingCharacters(in: .newlines)
    _ = try Git.run(
      settings + ["checkout-index", "--all", "--force", "--prefix=\(folder)/"], in: root,
      environment: environment, failure: failure)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The counterpart of a path in the copy.
  func path(of head: String) -> String {
    switch FileKind.of(head) {
    case .file: "\(folder)/\((head as NSString).lastPathComponent)"
    default: folder
    }
  }
}

/// Runs git.
private enum Git {
  /// Standard output of a command.
  ///
  /// - Parameter failure: makes an error of the first line that git says.
  static func run(
    _ arguments: [String], in directory: String, environment: [String: String] = [:],
    failure: (String) -> PipelineError
  ) throws(PipelineError) -> String {
    guard let executable else {
      throw PipelineError(
        .usage, "git is not installed, so --base must be a file or a folder",
        hint: "put git on the PATH, or check out the base beside the head")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    var variables = ProcessInfo.processInfo.environment
    // What a surrounding git hook sets would lead to another repository.
    for name in variables.keys where name.hasPrefix("GIT_") && name != "GIT_SSH" {
      variables[name] = nil
    }
    variables["LC_ALL"] = "C"
    process.environment = variables.merging(environment) { _, new in new }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw PipelineError(.failed, "git cannot be started")
    }
    // Each of the two is small: names, and one line of complaint.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let line = String(decoding: complaint, as: UTF8.self).split(separator: "\n").first ?? ""
      throw failure(String(line))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static var executable: String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").lazy.map { "\($0)/git" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
