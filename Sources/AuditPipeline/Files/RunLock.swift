import Foundation

/// Keeps a second run away from a database: a lock on `<database>.lock` that the system lets go of when
/// the process ends, however it ends.
final class RunLock {
  private let descriptor: Int32
  private let path: String

  init(database: String) throws(PipelineError) {
    path = database + ".lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw PipelineError(
        .failed, "cannot create \"\(path)\": \(SourceFile.reason(errno))",
        hint: "check that the folder exists, or name another database with --database")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = RunLock.holder(descriptor)
      close(descriptor)
      throw PipelineError(
        .locked, "another run\(holder) is using \"\(database)\"",
        hint: "wait for it to end, or name another database with --database")
    }
    ftruncate(descriptor, 0)
    let text = "pid \(getpid())\n"
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return "" }
    let text = String(decoding: buffer[..<count], as: UTF8.self)
      .filter { $0.isLetter || $0.isNumber || $0 == " " }
    return " (\(text))"
  }
}
