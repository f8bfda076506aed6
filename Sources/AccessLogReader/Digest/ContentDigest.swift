import CBlake3Shim

/// The BLAKE3 digest of contents that stream by.
///
/// BLAKE3 because SHA-256 of a plain log costs more than reading its lines (docs/decisions/009). Its tree
/// lets several threads hash parts of one file, and the digest of everything so far can be taken at any
/// time (BLAKE3 specification, section 2.1).
package struct ContentDigest: Sendable {
  /// Bytes of a chunk, a leaf of the tree.
  package static let chunkByteCount = Int(MESHAUDIT_BLAKE3_CHUNK)
  private static let valueCount = Int(MESHAUDIT_BLAKE3_VALUE)
  /// The most chunks that are hashed before their parents are.
  private static let mostChunks = 256

  /// Chaining values of complete subtrees, the largest first, `valueCount` bytes each, and how many chunks
  /// each has.
  ///
  /// Two subtrees of one size are joined only when more follows, for their parent may be the root.
  private var stack: [UInt8] = []
  private var sizes: [Int] = []
  /// Chunks below the values of the stack.
  private var chunkCount: Int
  private let firstChunk: Int
  /// The last bytes: less than a chunk, or the first one, which is the root when nothing follows.
  private var rest: [UInt8] = []
  /// Bytes so far.
  package private(set) var byteCount = 0

  /// - Parameter offset: where in the whole contents the bytes start, a multiple of `chunkByteCount`.
  package init(offset: Int = 0) {
    precondition(offset % ContentDigest.chunkByteCount == 0)
    firstChunk = offset / ContentDigest.chunkByteCount
    chunkCount = 0
    rest.reserveCapacity(ContentDigest.chunkByteCount)
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0, let base = bytes.baseAddress else { return }
    let start = base.assumingMemoryBound(to: UInt8.self)
    let size = ContentDigest.chunkByteCount
    var position = 0
    byteCount += bytes.count
    if !rest.isEmpty {
      position = min(size - rest.count, bytes.count)
      rest.append(contentsOf: UnsafeBufferPointer(start: start, count: position))
      guard position < bytes.count || rest.count == size && chunkCount > 0 else { return }
      let last = rest
      last.withUnsafeBufferPointer { push($0.baseAddress.unsafelyUnwrapped, chunks: 1) }
      rest.removeAll(keepingCapacity: true)
    }
    while true {
      // The first subtree may not be all there is, for it would then hold the root.
      let full = (bytes.count - position - (chunkCount > 0 ? 0 : 1)) / size
      guard full > 0 else { break }
      var chunks = min(1 << full.significantBits, ContentDigest.mostChunks)
      // A subtree starts where its size says.
      if chunkCount > 0 { chunks = min(chunks, 1 << chunkCount.trailingZeroBitCount) }
      push(start + position, chunks: chunks)
      position += chunks * size
    }
    rest.append(
      contentsOf: UnsafeBufferPointer(start: start + position, count: bytes.count - position))
  }

  /// Adds the chaining value of the bytes that follow, `chunks` full chunks, a power of two.
  package mutating func append(value: [UInt8], chunks: Int) {
    precondition(rest.isEmpty && value.count == ContentDigest.valueCount)
    byteCount += chunks * ContentDigest.chunkByteCount
    value.withUnsafeBufferPointer { put($0.baseAddress.unsafelyUnwrapped, chunks: chunks) }
  }

  /// Adds the bytes that another digest took, which started where this one stands.
  package mutating func append(_ other: ContentDigest) {
    precondition(rest.isEmpty && other.firstChunk == firstChunk + chunkCount)
    for (level, chunks) in other.sizes.enumerated() {
      other.value(level).withUnsafeBufferPointer {
        put($0.baseAddress.unsafelyUnwrapped, chunks: chunks)
      }
    }
    rest = other.rest
    byteCount += other.byteCount
  }

  /// The chaining value of all that was taken, which is no root: a power of two of full chunks.
  package var subtreeValue: [UInt8] {
    node(isRoot: false)
  }

  /// The digest of all that was taken so far, in hex.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * ContentDigest.valueCount)
    for byte in node(isRoot: true) {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func node(isRoot: Bool) -> [UInt8] {
    var tree = self
    if !rest.isEmpty { tree.joinComplete() }
    var level = tree.sizes.count
    var value = [UInt8](repeating: 0, count: ContentDigest.valueCount)
    if !rest.isEmpty || level == 0 {
      meshaudit_blake3_chunk(
        rest, rest.count, UInt64(firstChunk + chunkCount), isRoot && level == 0 ? 1 : 0, &value)
    } else {
      level -= 1
      value = tree.value(level)
    }
    while level > 0 {
      level -= 1
      let pair = tree.value(level) + value
      meshaudit_blake3_parent(pair, isRoot && level == 0 ? 1 : 0, &value)
    }
    return value
  }

  /// Hashes full chunks, a power of two of them, to one value.
  private mutating func push(_ start: UnsafePointer<UInt8>, chunks: Int) {
    let size = ContentDigest.valueCount
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunks * size) { values in
      guard let base = values.baseAddress else { return }
      meshaudit_blake3_chunks(start, chunks, UInt64(firstChunk + chunkCount), base)
      var count = chunks / 2
      while count > 0 {
        meshaudit_blake3_parents(base, count, base)
        count /= 2
      }
      put(base, chunks: chunks)
    }
  }

  private func value(_ level: Int) -> [UInt8] {
    let size = ContentDigest.valueCount
    return Array(stack[(level * size)..<((level + 1) * size)])
  }

  private mutating func joinComplete() {
    while sizes.count > chunkCount.nonzeroBitCount {
      stack.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let pair = base + (sizes.count - 2) * ContentDigest.valueCount
        meshaudit_blake3_parent(pair, 0, pair)
      }
      stack.removeLast(ContentDigest.valueCount)
      let last = sizes.removeLast()
      sizes[sizes.count - 1] += last
    }
  }

  /// Puts a subtree on the stack.
  private mutating func put(_ value: UnsafePointer<UInt8>, chunks: Int) {
    joinComplete()
    stack.append(
      contentsOf: UnsafeBufferPointer(start: value, count: ContentDigest.valueCount))
    sizes.append(chunks)
    chunkCount += chunks
  }
}

extension Int {
  /// The place of the highest bit that is set.
  fileprivate var significantBits: Int { Int.bitWidth - 1 - leadingZeroBitCount }
}
