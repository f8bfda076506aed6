import Foundation
import Synchronization

/// Bytes that a run keeps aside until it needs them again: in memory while they are few, then in a file
/// without a name, which goes with the run however it ends.
///
/// Several threads may write and read at once; what one call of `append` writes stays together.
final class Spool: Sendable {
  struct Failure: Error {
    var reason: String
  }

  private enum Storage {
    case memory([UInt8])
    case file(descriptor: Int32, byteCount: Int)
  }

  private let storage: Mutex<Storage>
  private let largestMemory: Int

  /// - Parameter largestMemory: bytes that are kept in memory.
  init(largestMemory: Int = 4 << 20) {
    storage = Mutex(.memory([]))
    self.largestMemory = largestMemory
  }

  deinit {
    storage.withLock { storage in
      if case .file(let descriptor, _) = storage { close(descriptor) }
    }
  }

  /// Keeps bytes and returns where.
  func append(_ bytes: [UInt8]) throws(Failure) -> Range<Int> {
    let outcome = storage.withLock { storage in
      Result { () throws(Failure) in
        try Self.append(bytes, to: &storage, largestMemory: largestMemory)
      }
    }
    return try outcome.get()
  }

  private static func append(
    _ bytes: [UInt8], to storage: inout Storage, largestMemory: Int
  ) throws(Failure) -> Range<Int> {
    switch storage {
    case .memory(var kept):
      storage = .memory([])
      let start = kept.count
      kept += bytes
      guard kept.count > largestMemory else {
        storage = .memory(kept)
        return start..<kept.count
      }
      let descriptor = try open()
      storage = .file(descriptor: descriptor, byteCount: kept.count)
      try write(kept, to: descriptor, at: 0)
      return start..<kept.count
    case .file(let descriptor, let start):
      try write(bytes, to: descriptor, at: start)
      storage = .file(descriptor: descriptor, byteCount: start + bytes.count)
      return start..<start + bytes.count
    }
  }

  private static func open() throws(Failure) -> Int32 {
    let folder = NSTemporaryDirectory()
    var name = Array(
      ((folder.hasSuffix("/") ? folder : folder + "/") + "meshaudit-spool-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw Failure(
        reason: "no temporary file can be made in \"\(folder)\": \(SourceFile.reason(errno))")
    }
    unlink(name)
    return descriptor
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, at start: Int) throws(Failure) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { bytes in
        pwrite(
          descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset,
          off_t(start + offset))
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw Failure(
          reason: "the temporary folder \"\(NSTemporaryDirectory())\" takes no more: "
            + SourceFile.reason(errno))
      }
      offset += written
    }
  }

  /// Copies what was kept at `start` into `buffer`; it has to be there.
  fileprivate func read(_ start: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Failure) {
    let descriptor = storage.withLock { storage -> Int32? in
      switch storage {
      case .memory(let kept):
        buffer.copyBytes(from: kept[start..<start + buffer.count])
        return nil
      case .file(let descriptor, _): return descriptor
      }
    }
    guard let descriptor else { return }
    var offset = 0
    while offset < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset,
        off_t(start + offset))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw Failure(reason: "a temporary file cannot be read again: \(SourceFile.reason(errno))")
      }
      offset += count
    }
  }
}

/// Reads a part of a spool from its start to its end.
struct SpoolReader: ~Copyable {
  private let spool: Spool
  private let buffer: UnsafeMutableRawBufferPointer
  /// What of the buffer was not handed out.
  private var ready = 0..<0
  /// What of the part was not read into the buffer.
  private var rest: Range<Int>
  /// Takes what is larger than the buffer.
  private var large: [UInt8] = []

  private static let bufferByteCount = 256 << 10

  init(_ spool: Spool, _ range: Range<Int>) {
    self.spool = spool
    rest = range
    buffer = .allocate(byteCount: Self.bufferByteCount, alignment: 16)
  }

  deinit { buffer.deallocate() }

  var isAtEnd: Bool { ready.isEmpty && rest.isEmpty }

  /// Hands out the next bytes, which have to be there.
  mutating func next<Value>(
    _ count: Int, _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(Spool.Failure) -> Value {
    if count > buffer.count { return try nextLarge(count, body) }
    if count > ready.count { try fill() }
    defer { ready = ready.lowerBound + count..<ready.upperBound }
    return body(
      UnsafeRawBufferPointer(rebasing: buffer[ready.lowerBound..<ready.lowerBound + count]))
  }

  private mutating func fill() throws(Spool.Failure) {
    let kept = ready.count
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[ready]))
    let count = min(buffer.count - kept, rest.count)
    try spool.read(
      rest.lowerBound,
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[kept..<kept + count]))
    ready = 0..<kept + count
    rest = rest.lowerBound + count..<rest.upperBound
  }

  private mutating func nextLarge<Value>(
    _ count: Int, _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(Spool.Failure) -> Value {
    large = Array(buffer[ready])
    let missing = count - large.count
    large.append(contentsOf: repeatElement(0, count: missing))
    let (start, kept) = (rest.lowerBound, count - missing)
    let spool = self.spool
    let outcome = large.withUnsafeMutableBytes { bytes in
      Result { () throws(Spool.Failure) in
        try spool.read(start, into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept...]))
      }
    }
    try outcome.get()
    ready = 0..<0
    rest = start + missing..<rest.upperBound
    return large.withUnsafeBytes(body)
  }
}
