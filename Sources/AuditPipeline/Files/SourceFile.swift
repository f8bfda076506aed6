import Foundation

/// An open input, read in blocks.
///
/// Closed when released.
final class SourceFile {
  private let descriptor: Int32
  private var buffer: UnsafeMutableRawBufferPointer
  /// How many bytes are read at most: the size at opening, so that a file that grows is read up to
  /// where it was.
  private let limit: Int
  private(set) var byteCount = 0
  /// Bytes of the whole file when it was opened.
  let size: Int

  struct Failure: Error {
    var reason: String
  }

  /// Opens a regular file, or a part of it; devices and pipes are refused.
  init(path: String, range: Range<Int>? = nil) throws(Failure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(reason: SourceFile.reason(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Failure(reason: "it is not a regular file")
    }
    let size = Int(status.st_size)
    self.size = size
    limit = range.map { $0.clamped(to: 0..<size).count } ?? size
    if let range, lseek(descriptor, off_t(range.lowerBound), SEEK_SET) < 0 {
      let code = errno
      close(descriptor)
      throw Failure(reason: SourceFile.reason(code))
    }
    buffer = .allocate(byteCount: 1 << 20, alignment: 64)
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  /// The next block, or nil at the end.
  ///
  /// The block is valid until the next call.
  func next() throws(Failure) -> UnsafeRawBufferPointer? {
    let wanted = min(buffer.count, limit - byteCount)
    guard wanted > 0 else { return nil }
    while true {
      let count = read(descriptor, buffer.baseAddress, wanted)
      if count > 0 {
        byteCount += count
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
      }
      if count == 0 { return nil }
      guard errno == EINTR else { throw Failure(reason: SourceFile.reason(errno)) }
    }
  }

  static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "it is a folder"
    case ELOOP: "too many symbolic links"
    default: String(cString: strerror(code)).lowercased()
    }
  }
}
