import CInflateShim

/// Why a compressed log could not be read to its end.
package struct InflateError: Error, Equatable, Sendable {
  package enum Code: String, Sendable {
    /// The bytes are neither gzip nor zstd, or a checksum is wrong.
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

  /// For what is read block by block and kept as sums: as long as it likes, as only a bomb grows so far
  /// beyond what it takes.
  package static let streamed = InflateLimits(byteCount: .max)
}

/// Inflates gzip (RFC 1952) or zstd (RFC 8878), block by block, with several members or frames one
/// after the other.
package struct InflatingReader: ~Copyable {
  /// How the bytes are compressed.
  package enum Format: String, Sendable {
    case gzip
    case zstd
  }

  private let format: Format
  private let inflater: OpaquePointer?
  private let output: UnsafeMutableRawBufferPointer
  private let limits: InflateLimits
  /// Bytes taken in and given out so far.
  package private(set) var compressedByteCount = 0
  package private(set) var inflatedByteCount = 0
  private var isAtEndOfMember = false
  /// After the last member; what follows is padding.
  private var isPastEnd = false

  /// How a file that starts with these bytes is compressed; nil when it is not.
  package static func format(_ prefix: UnsafeRawBufferPointer) -> Format? {
    if prefix.count >= 3, prefix[0] == 0x1F, prefix[1] == 0x8B, prefix[2] == 8 { return .gzip }
    if prefix.count >= 4, prefix[0] == 0x28, prefix[1] == 0xB5, prefix[2] == 0x2F, prefix[3] == 0xFD
    {
      return .zstd
    }
    return nil
  }

  /// Whether a file that starts with these bytes is gzip or zstd.
  package static func recognises(_ prefix: UnsafeRawBufferPointer) -> Bool {
    format(prefix) != nil
  }

  package init(
    format: Format = .gzip, limits: InflateLimits = InflateLimits(),
    blockByteCount: Int = 256 << 10
  ) {
    self.format = format
    self.limits = limits
    inflater = meshaudit_inflater_make(
      Int32(format == .gzip ? MESHAUDIT_FORMAT_GZIP : MESHAUDIT_FORMAT_ZSTD))
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
        // gzip(1) takes zeros after the last member for padding. Frames of zstd that are to be skipped
        // start with 0x50 to 0x5F (RFC 8878 section 3.1.2).
        let isNext =
          format == .gzip ? input[0] == 0x1F : input[0] == 0x28 || input[0] & 0xF0 == 0x50
        guard isNext else {
          guard input[0] == 0, format == .gzip else {
            throw InflateError(
              code: .corrupt, message: "bytes after the end that are not \(format.rawValue)")
          }
          isPastEnd = true
          return
        }
        isAtEndOfMember = false
        guard meshaudit_inflater_next(inflater) == 0 else {
          throw InflateError(code: .corrupt, message: "another part cannot be started")
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
          message: "not valid \(format.rawValue) after \(compressedByteCount) compressed bytes")
      }
    }
  }

  /// Checks that the stream came to its end.
  package func finish() throws(InflateError) {
    guard isAtEndOfMember else {
      throw InflateError(
        code: .truncated,
        message:
          "the \(format.rawValue) stream ends after \(compressedByteCount) bytes without its trailer"
      )
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
