import Foundation
import MeshModel

/// A file to read.
struct InputFile: Hashable, Sendable {
  /// As it is named in reports: the path that the user gave, joined with the path inside the folder.
  var path: String
  /// Named by the user itself, not met in a folder.
  var isExplicit: Bool
  /// Where its bytes lie: `path`, or the copy of standard input.
  var storage: String

  init(path: String, isExplicit: Bool, storage: String? = nil) {
    self.path = path
    self.isExplicit = isExplicit
    self.storage = storage ?? path
  }
}

/// Finds the files below the paths that the user gave.
///
/// Folders are walked without following symbolic links to folders, so that a loop cannot happen; links to
/// files are read when they stay inside the folder. Hidden files and folders (`.git`) are left out.
/// Devices and pipes are never opened. The result is sorted, whatever order the file system has.
enum InputDiscovery {
  struct Result {
    var files: [InputFile] = []
    /// What could not be read, or was left out, with the reason.
    var failures: [(path: String, reason: String)] = []
  }

  /// - Parameter standardInput: the file that holds a copy of standard input, for the path `-`.
  static func files(below paths: [String], standardInput: String? = nil) -> Result {
    var result = Result()
    var seen: Set<String> = []
    // Files first: one that lies in a given folder, too, was named all the same.
    let named = paths.filter { FileKind.of($0) == .file }
    for path in named + paths.filter({ FileKind.of($0) != .file }) {
      if path == "-" {
        if let standardInput, seen.insert(path).inserted {
          result.files.append(InputFile(path: path, isExplicit: true, storage: standardInput))
        }
        continue
      }
      switch FileKind.of(path) {
      case .file: add(path, isExplicit: true, to: &result, seen: &seen)
      case .folder: walk(path, depth: 0, root: path, into: &result, seen: &seen)
      case .missing: result.failures.append((path, "there is no such file or folder"))
      case .unreadable: result.failures.append((path, "permission denied"))
      case .other: result.failures.append((path, "it is neither a file nor a folder"))
      }
    }
    result.files.sort { $0.path < $1.path }
    result.failures.sort { $0.path < $1.path }
    return result
  }

  private static func walk(
    _ folder: String, depth: Int, root: String, into result: inout Result, seen: inout Set<String>
  ) {
    guard depth <= 32 else {
      result.failures.append((folder, "it lies deeper than 32 folders"))
      return
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      result.failures.append((folder, "the folder cannot be listed"))
      return
    }
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      switch FileKind.of(path) {
      case .file:
        if FileKind.isLink(path), !FileKind.isInside(path, root: root) {
          result.failures.append((path, "the link leads out of \"\(root)\""))
        } else {
          add(path, isExplicit: false, to: &result, seen: &seen)
        }
      case .folder:
        if FileKind.isLink(path) { continue }
        walk(path, depth: depth + 1, root: root, into: &result, seen: &seen)
      case .unreadable: result.failures.append((path, "permission denied"))
      case .missing: result.failures.append((path, "the link leads nowhere"))
      case .other: result.failures.append((path, "it is a device or a pipe"))
      }
    }
  }

  private static func add(
    _ path: String, isExplicit: Bool, to result: inout Result, seen: inout Set<String>
  ) {
    let identity = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    if seen.insert(identity).inserted {
      result.files.append(InputFile(path: path, isExplicit: isExplicit))
    }
  }
}

/// What lies at a path.
enum FileKind {
  case file
  case folder
  case missing
  case unreadable
  case other

  static func of(_ path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == EACCES ? .unreadable : .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  static func isInside(_ path: String, root: String) -> Bool {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let folder = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    return target.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }
}
