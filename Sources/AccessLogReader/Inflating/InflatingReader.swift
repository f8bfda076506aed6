import CInflateShim

/// Why a compressed log could not be read to its end.
package struct InflateError: Error, Equatable, Sendable {
  package enum Code: String, Sendable {
    /// The bytes are not gzip or a checksum is wrong.
    case corrupt
    /// The stream ends before its trailer: the file was cut or is still being written.
    case truncated
    /// It inflates beyond the limits: a bomb.
    case tooLarge = "too-large"
    case outOfMemory = "out-of-memory"
  }

  package var code: Code
  /// What was wrong, for a diagnostic.
  package var message: String

  package static func == (left: InflateError, right: InflateError) -> Bool {
    left.code == right.code
  }
}

/// How far a compressed log may grow.
package struct InflateLimits: Hashable, Sendable {
  /// The most bytes after inflating.
  package var byteCount: Int
  /// The most bytes out for each byte in, beyond the first `ratioFreeByteCount` out.
  ///
  /// Access logs compress up to about 20 times; zeros 1,030 times.
  package var ratio: Int
  package var ratioFreeByteCount: Int

  package init(byteCount: Int = 4 << 30, ratio: Int = 200, ratioFreeByteCount: Int = 1 << 20) {
    self.byteCount = byteCount
    self.ratio = ratio
    self.ratioFreeByteCount = ratioFreeByteCount
  }
}

/// Inflates gzip (RFC 1952), block by block, with several members one after the other.
package struct InflatingReader: ~Copyable {
  private let inflater: OpaquePointer?
  private let output: UnsafeMutableRawBufferPointer
  private let limits: InflateLimits
  /// Bytes taken in and given out so far.
  package private(set) var compressedByteCount = 0
  package private(set) var inflatedByteCount = 0
  private var isAtEndOfMember = false
  /// After the last member; what follows is padding.
  private var isPastEnd = false

  /// Whether a file that starts with these bytes is gzip.
  package static func recognises(_ prefix: UnsafeRawBufferPointer) -> Bool {
    prefix.count >= 3 && prefix[0] == 0x1F && prefix[1] == 0x8B && prefix[2] == 8
  }

  package init(limits: InflateLimits = InflateLimits(), blockByteCount: Int = 256 << 10) {
    self.limits = limits
    inflater = meshaudit_inflater_make()
    output = .allocate(byteCount: max(blockByteCount, 1024), alignment: 64)
  }

  deinit {
    meshaudit_inflater_free(inflater)
    output.deallocate()
  }

  /// Inflates the next compressed bytes; hands on what comes out, valid during the call only.
  package mutating func inflate(
    _ block: UnsafeRawBufferPointer, into consume: (UnsafeRawBufferPointer) -> Void
  ) throws(InflateError) {
    guard let inflater, let target = output.baseAddress else {
      throw InflateError(code: .outOfMemory, message: "no memory to inflate with")
    }
    guard var input = block.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    var left = block.count
    while true {
      if isAtEndOfMember {
        guard left > 0, !isPastEnd else { return }
        // gzip(1) takes zeros after the last member for padding.
        guard input[0] == 0x1F else {
          guard input[0] == 0 else {
            throw InflateError(code: .corrupt, message: "bytes after the end that are not gzip")
          }
          isPastEnd = true
          return
        }
        isAtEndOfMember = false
        guard meshaudit_inflater_next(inflater) == 0 else {
          throw InflateError(code: .corrupt, message: "another gzip member cannot be started")
        }
      }
      var taken = left
      var given = output.count
      let code = meshaudit_inflater_run(
        inflater, input, &taken, target.assumingMemoryBound(to: UInt8.self), &given)
      input += taken
      left -= taken
      compressedByteCount += taken
      inflatedByteCount += given
      try checkLimits()
      if given > 0 { consume(UnsafeRawBufferPointer(start: target, count: given)) }
      switch code {
      case 1: isAtEndOfMember = true
      case 0: if left == 0, given < output.count { return }
      case -2: throw InflateError(code: .outOfMemory, message: "no memory to inflate with")
      default:
        throw InflateError(
          code: .corrupt,
          message: "not valid gzip after \(compressedByteCount) compressed bytes")
      }
    }
  }

  /// Checks that the stream came to its end.
  package func finish() throws(InflateError) {
    guard isAtEndOfMember else {
      throw InflateError(
        code: .truncated,
        message: "the gzip stream ends after \(compressedByteCount) bytes without its trailer")
    }
  }

  private func checkLimits() throws(InflateError) {
    if inflatedByteCount > limits.byteCount {
      throw InflateError(
        code: .tooLarge, message: "it inflates to more than \(limits.byteCount) bytes")
    }
    if inflatedByteCount > limits.ratioFreeByteCount,
      inflatedByteCount / limits.ratio > compressedByteCount
    {
      throw InflateError(
        code: .tooLarge,
        message: "it inflates to more than \(limits.ratio) times its compressed size")
    }
  }
}
