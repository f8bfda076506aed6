import Crypto
import Foundation
import Synchronization

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
    let file = try StagedFile(for: path, mode: mode)
    file.append(bytes)
    _ = try file.finish()
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

/// Contents that go to the disk beside their place, in pieces; they are gone when they are not placed.
///
/// A piece that cannot be written is told by `finish`, so that a renderer need not know of disks.
final class StagedFile: Sendable {
  private struct State {
    var descriptor: Int32
    var hash = SHA256()
    var problem: PipelineError?
    var isPlaced = false
  }

  let path: String
  private let temporary: String
  private let mode: mode_t
  private let state: Mutex<State>

  init(for path: String, mode: mode_t = 0o600) throws(PipelineError) {
    self.path = path
    self.mode = mode
    temporary = "\(path).\(getpid()).partial"
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw AtomicFile.failure("create", path, errno) }
    state = Mutex(State(descriptor: descriptor))
  }

  deinit {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
      if !state.isPlaced { unlink(temporary) }
    }
  }

  /// Adds a piece to the end; nothing after one that could not be written.
  func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    state.withLock { state in
      guard state.problem == nil else { return }
      state.hash.update(bufferPointer: bytes)
      var offset = 0
      while offset < bytes.count {
        let count = write(
          state.descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          state.problem = AtomicFile.failure("write", path, errno)
          return
        }
        offset += count
      }
    }
  }

  /// Syncs the contents to the disk and returns their SHA-256.
  func finish() throws(PipelineError) -> String {
    try state.withLock { state throws(PipelineError) in
      if let problem = state.problem { throw problem }
      guard fchmod(state.descriptor, mode) == 0, fsync(state.descriptor) == 0 else {
        throw AtomicFile.failure("write", path, errno)
      }
      let closed = close(state.descriptor)
      state.descriptor = -1
      guard closed == 0 else { throw AtomicFile.failure("write", path, errno) }
      return Digest.hex(state.hash.finalize())
    }
  }

  /// Takes the place of what is there.
  func place() throws(PipelineError) {
    try state.withLock { state throws(PipelineError) in
      guard rename(temporary, path) == 0 else { throw AtomicFile.failure("write", path, errno) }
      state.isPlaced = true
    }
    AtomicFile.syncFolder(of: path)
  }
}
