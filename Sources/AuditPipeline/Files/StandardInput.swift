import Foundation

/// Standard input, copied to a private file so that it can be read like any other: its kind shows only
/// when its start has been read, and a log is read a second time.
final class StandardInput {
  let path: String

  /// Copies standard input to its end.
  ///
  /// The copy goes when this is released.
  init() throws(PipelineError) {
    let folder = NSTemporaryDirectory()
    let template = (folder.hasSuffix("/") ? folder : folder + "/") + "meshaudit-stdin-XXXXXX"
    var name = Array(template.utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw PipelineError(.failed, "cannot make a temporary file in \"\(folder)\"")
    }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      var offset = 0
      while offset < count {
        let written = buffer.withUnsafeBytes { bytes in
          write(descriptor, bytes.baseAddress?.advanced(by: offset), count - offset)
        }
        guard written > 0 else {
          unlink(path)
          throw PipelineError(
            .failed, "standard input cannot be kept in \"\(folder)\": \(SourceFile.reason(errno))",
            hint: "set TMPDIR to a folder with more room")
        }
        offset += written
      }
    }
  }

  deinit { unlink(path) }
}
