import Foundation

/// Writes files so that a reader sees the old contents or the new, never a part: to a temporary
/// file beside the target, synced, then renamed.
///
/// Mode 0600 unless said otherwise.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(PipelineError) {
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("create", path, errno) }
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let code = errno
        close(descriptor)
        throw failure("write", path, code)
      }
      offset += count
    }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
      let code = errno
      close(descriptor)
      throw failure("write", path, code)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      throw failure("write", path, errno)
    }
    isDone = true
    syncFolder(of: path)
  }

  /// Makes a folder with its parents, mode 0700 for those that are new.
  static func makeFolder(_ path: String) throws(PipelineError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw PipelineError(
        .failed, "the folder \"\(path)\" cannot be made",
        hint: "check the path and its permissions, or name another with --output")
    }
  }

  private static func syncFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  private static func failure(_ action: String, _ path: String, _ code: Int32) -> PipelineError {
    let reason = code == ENOSPC ? "the disk is full" : SourceFile.reason(code)
    return PipelineError(.failed, "cannot \(action) \"\(path)\": \(reason)")
  }
}
