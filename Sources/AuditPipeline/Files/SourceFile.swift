import Foundation

/// An open input, read in blocks.
///
/// Closed when released.
final class SourceFile {
  private let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var position: Int
  /// Where reading ends: the size at opening, so that a file that grows is read up to where it was.
  private var end: Int
  /// Bytes that were read since the file was opened.
  private(set) var byteCount = 0
  /// Bytes of the whole file when it was opened.
  let size: Int

  struct Failure: Error {
    var reason: String
  }

  /// A block stays in a core's cache while it is hashed and read.
  private static let blockByteCount = 256 << 10

  /// Opens a regular file, or a part of it; devices and pipes are refused.
  init(path: String, range: Range<Int>? = nil) throws(Failure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(reason: SourceFile.reason(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Failure(reason: "it is not a regular file")
    }
    size = Int(status.st_size)
    position = 0
    end = size
    buffer = .allocate(byteCount: SourceFile.blockByteCount, alignment: 64)
    if let range { select(range) }
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  /// Bytes of the open file now, whatever name it has by now: more than `size` when it has grown.
  var currentSize: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : size
  }

  /// Goes on with another part of the file.
  func select(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<size)
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next block, of at most `limit` bytes, or nil at the end.
  ///
  /// The block is valid until the next call.
  func next(atMost limit: Int = .max) throws(Failure) -> UnsafeRawBufferPointer? {
    let wanted = min(buffer.count, end - position, limit)
    guard wanted > 0 else { return nil }
    while true {
      let count = pread(descriptor, buffer.baseAddress, wanted, off_t(position))
      if count > 0 {
        position += count
        byteCount += count
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
      }
      // Whoever empties a log after copying it (logrotate's copytruncate) takes lines away unread.
      if count == 0 {
        throw Failure(reason: "it was cut to \(position) of \(size) bytes while it was read")
      }
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
