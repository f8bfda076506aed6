import AccessLogReader

/// Finds out whether the contents that stream by start with contents that were counted before: a log
/// that has grown since, under whatever name.
///
/// Takes the digest at every length that is known; where it agrees, everything up to there is known. Also
/// keeps the digest at the end of the last complete line, which is where counting ends.
struct CountedPrefix {
  private let known: [Int: Set<String>]
  private let lengths: [Int]
  private var next = 0
  private var digest = ContentDigest()
  private var digestAtLineEnd = ContentDigest()
  /// Bytes of the part that was counted before.
  private(set) var countedByteCount = 0
  /// Lines of the part that was counted before.
  private(set) var countedLineCount = 0
  private var lineCount = 0

  init(_ known: [Int: Set<String>]) {
    self.known = known
    lengths = known.keys.sorted()
  }

  /// Takes the next block.
  ///
  /// - Parameters:
  ///   - consume: is given the block in pieces.
  ///   - restart: is called after a piece up to whose end everything was counted before.
  mutating func take(
    _ block: UnsafeRawBufferPointer, consume: (UnsafeRawBufferPointer) -> Void,
    restart: () -> Void
  ) {
    var rest = block
    while !rest.isEmpty {
      while next < lengths.count, lengths[next] <= digest.byteCount { next += 1 }
      let isBoundary = next < lengths.count && lengths[next] - digest.byteCount <= rest.count
      let count = isBoundary ? lengths[next] - digest.byteCount : rest.count
      let piece = UnsafeRawBufferPointer(rebasing: rest[..<count])
      // Lines are counted only as long as the part before may turn out to be known.
      if next < lengths.count { lineCount += CountedPrefix.lineCount(in: piece) }
      add(piece)
      consume(piece)
      if isBoundary, known[digest.byteCount]?.contains(digest.hex) == true {
        restart()
        digestAtLineEnd = digest
        countedByteCount = digest.byteCount
        countedLineCount = lineCount
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Digest and length of everything, or up to the end of the last complete line.
  func contents(toLineEnd: Bool) -> (digest: String, byteCount: Int) {
    let taken = toLineEnd ? digestAtLineEnd : digest
    return (taken.hex, taken.byteCount)
  }

  static func lineCount(in piece: UnsafeRawBufferPointer) -> Int {
    piece.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
  }

  private mutating func add(_ piece: UnsafeRawBufferPointer) {
    guard let last = piece.lastIndex(of: 10) else { return digest.update(piece) }
    digest.update(UnsafeRawBufferPointer(rebasing: piece[...last]))
    digestAtLineEnd = digest
    digest.update(UnsafeRawBufferPointer(rebasing: piece[(last + 1)...]))
  }
}
