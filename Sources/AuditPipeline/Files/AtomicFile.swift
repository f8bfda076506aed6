import Foundation

/// Writes files so that a reader sees the old contents or the new, never a part: to a temporary
/// file beside the target, synced, then renamed.
///
/// Mode 0600 unless said otherwise.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(PipelineError) {
    try stage(bytes, for: path, mode: mode).place()
  }

  /// Puts the contents beside the target, where they wait to be placed.
  static func stage(_ bytes: [UInt8], for path: String, mode: mode_t = 0o600) throws(PipelineError)
    -> StagedFile
  {
    let file = StagedFile(path: path)
    let descriptor = open(
      file.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("create", path, errno) }
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
    guard close(descriptor) == 0 else { throw failure("write", path, errno) }
    return file
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

  fileprivate static func syncFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  fileprivate static func failure(_ action: String, _ path: String, _ code: Int32) -> PipelineError
  {
    let reason = code == ENOSPC ? "the disk is full" : SourceFile.reason(code)
    return PipelineError(.failed, "cannot \(action) \"\(path)\": \(reason)")
  }
}

/// Contents that are on the disk beside their place; they go when they are not placed.
final class StagedFile {
  let path: String
  fileprivate let temporary: String
  private var isPlaced = false

  fileprivate init(path: String) {
    self.path = path
    temporary = "\(path).\(getpid()).partial"
  }

  deinit { if !isPlaced { unlink(temporary) } }

  /// Takes the place of what is there.
  func place() throws(PipelineError) {
    guard rename(temporary, path) == 0 else { throw AtomicFile.failure("write", path, errno) }
    isPlaced = true
    AtomicFile.syncFolder(of: path)
  }
}
